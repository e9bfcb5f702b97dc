import layered from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { FunctionEntry, HttpRoute } from '../../manifest.ts';
import { may } from './caller.ts';
import { credentialsOf } from './credentials.ts';
import { parseJsonExactly } from './json-body.ts';
import { observed, type Trail, trailOf } from './observed.ts';
import { type Reply, refused, toResult } from './reply.ts';
import { header, idempotencyKeyMax } from './request.ts';
import type { RouteHandler, Routes } from './routes.ts';

export type LambdaHandler = (
  request: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

interface Door {
  readonly entry: FunctionEntry;
  readonly routes: ReadonlyMap<string, HttpRoute & { readonly handle: RouteHandler }>;
  readonly dependencies: Dependencies;
}

/** What Lambda needs after our answer to hand it on. */
const marginMs = 250;

/** One function as Lambda and the embedded cell call it: who is asking, may they, until when; then its route. */
export function wrap(entry: FunctionEntry, routes: Routes, dependencies: Dependencies): LambdaHandler {
  const door: Door = { entry, routes: tableOf(entry, routes), dependencies };
  const handler = layered<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({
    timeoutEarlyInMillis: 0,
  })
    .use(observed(entry.name, dependencies))
    .handler(async (request, context) => {
      const trail = trailOf(context);
      const reply = await dependencies.telemetry.tracer.trace(
        `api ${entry.name}`,
        { route: request.routeKey, correlationId: trail.correlationId },
        () => serve(door, request, context, trail),
      );
      trail.reason = reply.reason;
      return toResult(reply, trail.correlationId);
    });
  return (request, context) => handler(request, context);
}

function tableOf({ name, trigger }: FunctionEntry, routes: Routes): Door['routes'] {
  if (trigger.kind !== 'http') throw new TypeError(`${name} is not reached by HTTP`);
  return new Map(
    trigger.routes.map((declared) => {
      const handle = routes[declared.route];
      if (!handle) throw new TypeError(`${name} does not handle ${declared.route}`);
      return [declared.route, { ...declared, handle }];
    }),
  );
}

async function serve(
  { entry, routes, dependencies }: Door,
  raw: APIGatewayProxyEventV2,
  context: Context,
  trail: Trail,
): Promise<Reply> {
  const route = routes.get(raw.routeKey);
  if (!route) return refused('not_found');
  const { clock } = dependencies;
  const remainingMs = context.getRemainingTimeInMillis();
  const deadline = deadlineIn(Math.min(entry.deadlineMs, remainingMs - marginMs), clock);
  const credentials = credentialsOf(raw);
  const caller =
    credentials && (await dependencies.keys.authenticate(credentials.keyId, credentials.secret, deadline));
  if (!caller) return refused('not_authenticated');
  trail.caller = caller;
  if (!may(caller, route.access)) return refused('not_permitted');
  const key = header(raw, 'idempotency-key');
  if (key !== undefined && !isKey(key)) {
    return refused('headers_malformed', {
      field: 'Idempotency-Key',
      hint: `1 to ${idempotencyKeyMax} printable ASCII characters`,
    });
  }
  const body = bodyOf(raw);
  if (!body) return refused('body_malformed');
  const { correlationId, traceparent } = trail;
  return route.handle({ caller, raw, body: body.value, correlationId, traceparent, deadline });
}

function isKey(text: string): boolean {
  return text.length <= idempotencyKeyMax && /^[\x21-\x7e]+$/.test(text);
}

function bodyOf(raw: APIGatewayProxyEventV2): { readonly value: unknown } | undefined {
  if (raw.body === undefined || raw.body === '') return { value: undefined };
  const text = raw.isBase64Encoded ? Buffer.from(raw.body, 'base64').toString('utf8') : raw.body;
  return parseJsonExactly(text);
}
