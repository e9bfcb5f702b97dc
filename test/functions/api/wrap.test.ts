import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dependencies } from '../../../functions/dependencies.ts';
import type { FunctionEntry } from '../../../functions/manifest.ts';
import type { RouteHandler } from '../../../functions/api/door/routes.ts';
import { wrap } from '../../../functions/api/door/wrap.ts';
import { lambdaContext } from '../../../local/lambda-context.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { auditQueries } from '../../../lib/audit/queries.ts';
import { noMetrics } from '../../../platform/telemetry/metrics.ts';
import type { LogFields } from '../../../platform/telemetry/port.ts';
import { noTracer } from '../../../platform/telemetry/silent.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';

interface Line {
  readonly message: string;
  readonly fields: LogFields;
  readonly error?: unknown;
}

const entry: FunctionEntry = {
  name: 'tried',
  file: '',
  trigger: { kind: 'http', routes: [{ route: 'POST /v2/tried', access: 'trading' }] },
  rights: {},
  deadlineMs: 1_000,
  memoryMb: 128,
};

let cell: TestCell;
beforeAll(async () => {
  cell = await startTestCell();
});
afterAll(() => cell.stop());

async function call(
  handle: RouteHandler,
  headers: Record<string, string> = {},
  every = 1,
  pathParameters: Record<string, string> = {},
) {
  const lines: Line[] = [];
  const log = {
    info: (message: string, fields: LogFields = {}) => void lines.push({ message, fields }),
    warn: (message: string, fields: LogFields = {}) => void lines.push({ message, fields }),
    error: (message: string, error: unknown, fields: LogFields = {}) =>
      void lines.push({ message, fields, error }),
  };
  const telemetry = { log, tracer: noTracer, metrics: noMetrics };
  const dependencies: Dependencies = { ...cell.cell.dependencies, telemetry, requestLogEvery: every };
  const { keyId, secret } = cell.key('first');
  const request = {
    routeKey: 'POST /v2/tried',
    headers: { 'apca-api-key-id': keyId, 'apca-api-secret-key': secret, ...headers },
    body: '{"word":"private"}',
    pathParameters,
    requestContext: { http: { sourceIp: '192.0.2.1' } },
  } as unknown as APIGatewayProxyEventV2;
  const answer = await wrap(entry, { 'POST /v2/tried': handle }, dependencies)(request, lambdaContext());
  return { answer, body: JSON.parse(answer.body ?? '{}') as Record<string, unknown>, lines };
}

test('a fault of ours is a 500 without internals, and in the log with its stack under the same correlation id', async () => {
  const fault = new Error('password of the database is hunter2');
  const { answer, body, lines } = await call(() => Promise.reject(fault));
  expect(answer.statusCode).toBe(500);
  expect(body).toMatchObject({ code: 50010000, reason: 'internal_error' });
  expect(answer.body).not.toContain('hunter2');
  expect(lines[0]).toMatchObject({
    error: fault,
    fields: { correlationId: answer.headers?.['x-request-id'] },
  });
});

test('what passes by itself is a 503 that says when to come back', async () => {
  const { answer, body } = await call(() => Promise.reject(new StoreUnavailable('away')));
  expect(answer.statusCode).toBe(503);
  expect(answer.headers?.['retry-after']).toBe('1');
  expect(body).toMatchObject({ reason: 'temporarily_unavailable', code: 50310000 });
});

test('a correlation id and a trace that were given are kept, nonsense is replaced', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const seen: (string | undefined)[] = [];
  const handle: RouteHandler = async (request) => {
    seen.push(request.correlationId, request.traceparent);
    return { status: 204 };
  };
  const { answer } = await call(handle, { 'x-request-id': 'mine-1', traceparent });
  expect(seen).toEqual(['mine-1', traceparent]);
  expect(answer.headers?.['x-request-id']).toBe('mine-1');
  const other = await call(handle, { 'x-request-id': 'a b\n{}', traceparent: 'nonsense' });
  expect(other.answer.headers?.['x-request-id']).toMatch(/^[\w-]{5,30}$/);
  expect(seen.at(-1)).toBeUndefined();
});

test('the line of a request says what, how and how long, and carries no secret and no body', async () => {
  const { lines } = await call(async () => ({ status: 200, body: {} }));
  expect(lines).toMatchObject([
    {
      message: 'request',
      fields: {
        function: 'tried',
        route: 'POST /v2/tried',
        status: 200,
        caller: 'client',
        durationMs: expect.any(Number),
      },
    },
  ]);
  const text = JSON.stringify(lines);
  expect(text).not.toContain(cell.key('first').secret);
  expect(text).not.toContain('private');
});

test('the line of a request says whose key asked about which account and order, and nothing that is no id', async () => {
  const about = async (orderId: string) => {
    const { lines } = await call(async () => ({ status: 200 }), {}, 1, { order_id: orderId });
    return lines[0]?.fields ?? {};
  };
  const { keyId, accountId } = cell.key('first');
  const orderId = '12c96889-63d2-57f7-b1c9-b6bb20860511';
  expect(await about(orderId)).toMatchObject({ apiKeyId: keyId, accountId, orderId });
  expect((await about('Jane Doe, 1 Main Street'))['orderId']).toBeUndefined();
  const known = new Set(['timestamp', ...Object.keys(await about(orderId))]);
  const sql = auditQueries.find(({ name }) => name === 'who-read-an-order')?.sql ?? '';
  const asked = [...sql.matchAll(/'\$\.(\w+)'/g)].map(([, member = '']) => member);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((member) => !known.has(member))).toEqual([]);
});

test('with sampling good answers are left out of the log, refusals never', async () => {
  expect((await call(async () => ({ status: 200 }), {}, 1_000)).lines).toEqual([]);
  expect((await call(async () => ({ status: 403 }), {}, 1_000)).lines).toHaveLength(1);
});

test('a handler gets a deadline no later than its function has', async () => {
  const { clock } = cell.cell.dependencies;
  await call(async ({ deadline }) => {
    expect(deadline - clock.monotonicMs()).toBeLessThanOrEqual(1_000);
    return { status: 204 };
  });
});
