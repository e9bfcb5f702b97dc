import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { LambdaHandler } from '../../functions/api/door/wrap.ts';
import { Router } from '../../local/router.ts';
import { PortInUse } from '../../local/listening.ts';
import { LocalServer, serverLimits } from '../../local/server.ts';
import { eventually } from '../support/eventually.ts';

const running: LocalServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

interface Serving {
  readonly isReady?: boolean;
  readonly standingStill?: readonly string[];
}

async function serve(handler: LambdaHandler, options: Serving = {}) {
  const router = new Router<LambdaHandler>();
  router.add('POST /echo/{name}', handler);
  router.add('GET /echo/{name}', handler);
  router.add('GET /echo:literal', handler);
  const server = new LocalServer({
    router,
    standingStill: () => options.standingStill ?? [],
    notReady: async () => (options.isReady === false ? 'temporarily_unavailable' : undefined),
    onUnexpected: () => undefined,
    metricsText: async () => 'ordercell_uptime_seconds 1\n',
    onTurnedAway: () => undefined,
    correlationId: () => 'id-1',
  });
  running.push(server);
  const { port } = await server.listen(0, '127.0.0.1');
  return { server, port, address: `http://127.0.0.1:${port}` };
}

const echo: LambdaHandler = async (event) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    routeKey: event.routeKey,
    parameters: event.pathParameters,
    query: event.queryStringParameters,
    body: event.body,
  }),
});

test('a request becomes a payload of format 2.0', async () => {
  const { address } = await serve(echo);
  const answer = await fetch(`${address}/echo/a%20b?x=1&x=2&y=`, { method: 'POST', body: '{"a":"ü"}' });
  expect(await answer.json()).toEqual({
    routeKey: 'POST /echo/{name}',
    parameters: { name: 'a b' },
    query: { x: '1,2', y: '' },
    body: '{"a":"ü"}',
  });
  expect(await (await fetch(`${address}/echo:literal`)).json()).toMatchObject({
    routeKey: 'GET /echo:literal',
  });
});

test('unknown paths are 404, known ones with another method 405 with what is allowed', async () => {
  const { address } = await serve(echo);
  expect((await fetch(`${address}/nowhere`)).status).toBe(404);
  expect((await fetch(`${address}/echo/%zz`)).status).toBe(404);
  const answer = await fetch(`${address}/echo/a`, { method: 'DELETE' });
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
});

test('a body above the limit is refused, declared or not', async () => {
  const { address, port } = await serve(echo);
  const body = 'x'.repeat(serverLimits.bodyBytes + 1);
  expect((await fetch(`${address}/echo/a`, { method: 'POST', body })).status).toBe(413);
  const chunked = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request({ port, method: 'POST', path: '/echo/a' }, (answer) => resolve(answer.statusCode));
    sent.on('error', reject);
    sent.write(body.slice(0, 1000));
    sent.end(body);
  });
  expect(chunked).toBe(413);
});

test('more requests than the process takes on are told to come back', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { address, server } = await serve(async (event, context) => {
    await promise;
    return echo(event, context);
  });
  const answered = Array.from({ length: serverLimits.inWork }, async () => {
    const [answer]: IncomingMessage[] = await once(request(`${address}/echo/a`).end(), 'response');
    answer?.resume();
    return answer?.statusCode;
  });
  await eventually(() => expect(server.inWork).toBe(serverLimits.inWork));
  const refused = await fetch(`${address}/echo/a`);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await refused.json()).toMatchObject({ reason: 'too_many_requests' });
  resolve();
  expect(new Set(await Promise.all(answered))).toEqual(new Set([200]));
  expect(server.inWork).toBe(0);
});

test('health is always answered, readiness says whether orders can be taken', async () => {
  const { address } = await serve(echo, { isReady: false });
  const health = await fetch(`${address}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  const readiness = await fetch(`${address}/readyz`);
  expect([readiness.status, await readiness.json()]).toEqual([
    503,
    { status: 'not ready', reason: 'temporarily_unavailable' },
  ]);
  for (const { headers } of [health, readiness]) expect(headers.get('content-type')).toBe('application/json');
});

test('what stands still although orders are taken is in the readiness', async () => {
  const { address } = await serve(echo, { standingStill: ['views'] });
  const readiness = await fetch(`${address}/readyz`);
  expect([readiness.status, await readiness.json()]).toEqual([
    200,
    { status: 'ready', standing_still: ['views'] },
  ]);
});

test.each(['/healthz', '/readyz'])('%s is only looked at', async (path) => {
  const { address } = await serve(echo);
  const answer = await fetch(address + path, { method: 'POST', body: '{}' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  const head = await fetch(address + path, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('HEAD is answered as GET, without the body', async () => {
  const { address } = await serve(echo);
  const asked = await fetch(`${address}/echo/a`);
  const head = await fetch(`${address}/echo/a`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect(head.headers.get('content-length')).toBe(String((await asked.text()).length));
});

test('a handler that throws is a 500 without its words', async () => {
  const { address } = await serve(() => Promise.reject(new Error('hunter2')));
  const answer = await fetch(`${address}/echo/a`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('hunter2');
});

test('stopping finishes what is in work', async () => {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const { address, server } = await serve(async (event, context) => {
    arrived.resolve();
    await released.promise;
    return echo(event, context);
  });
  const answer = fetch(`${address}/echo/a`);
  await arrived.promise;
  const stopped = server.stop();
  released.resolve();
  expect((await answer).status).toBe(200);
  await stopped;
});

test('a port in use is said to be', async () => {
  const { port } = await serve(echo);
  const other = new LocalServer({
    router: new Router<LambdaHandler>(),
    standingStill: () => [],
    notReady: async () => undefined,
    onUnexpected: () => undefined,
    correlationId: () => 'id-2',
    metricsText: async () => '',
    onTurnedAway: () => undefined,
  });
  await expect(other.listen(port, '127.0.0.1')).rejects.toThrow(PortInUse);
});
