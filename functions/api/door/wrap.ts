import layered from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import type { FunctionEntry, HttpRoute } from '../../manifest.ts';
import { type AdmissionDependencies, admit } from './admission.ts';
import { parseJsonExactly } from './json-body.ts';
import { observed, type ObservedDependencies, type Trail, trailOf } from './observed.ts';
import { routesWithQuery } from './queries.ts';
import { type Answered, type Reply, refused, toResult, withHeaders } from './reply.ts';
import { header, idempotencyKeyMax, idempotencyKeyPattern } from './request.ts';
import type { RouteHandler, Routes } from './routes.ts';

export type LambdaHandler = (request: APIGatewayProxyEventV2, context: Context) => Promise<Answered>;

/** What the door itself needs, whatever is behind it. */
export type DoorDependencies = ObservedDependencies & AdmissionDependencies;

interface Door {
  readonly entry: FunctionEntry;
  readonly routes: ReadonlyMap<string, Route>;
  readonly dependencies: DoorDependencies;
}

interface Route extends HttpRoute {
  readonly handle: RouteHandler;
  readonly takesQuery: boolean;
}

/** What Lambda needs after our answer to hand it on. */
const marginMs = 250;

/** One function as Lambda and the embedded cell call it: who is asking, may they, until when; then its route. */
export function wrap(entry: FunctionEntry, routes: Routes, dependencies: DoorDependencies): LambdaHandler {
  const door: Door = { entry, routes: tableOf(entry, routes), dependencies };
  const handler = layered<APIGatewayProxyEventV2, Answered>({
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
      return toResult(withHeaders(reply, trail.headers), trail.correlationId);
    });
  return (request, context) => handler(request, context);
}

function tableOf({ name, trigger }: FunctionEntry, routes: Routes): Door['routes'] {
  if (trigger.kind !== 'http') throw new TypeError(`${name} is not reached by HTTP`);
  return new Map(
    trigger.routes.map((declared) => {
      const handle = routes[declared.route];
      if (!handle) throw new TypeError(`${name} does not handle ${declared.route}`);
      return [declared.route, { ...declared, handle, takesQuery: routesWithQuery.has(declared.route) }];
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
  const admitted = await admit(dependencies, route, raw, { deadline, trail });
  if ('refusal' in admitted) return admitted.refusal;
  const malformed = headerRefusal(raw) ?? (route.takesQuery ? undefined : queryRefusal(raw));
  if (malformed) return malformed;
  const body = bodyOf(raw);
  if (!body) return refused('body_malformed');
  const { caller } = admitted;
  const { correlationId, traceparent } = trail;
  return route.handle({ caller, raw, body: body.value, correlationId, traceparent, deadline });
}

function headerRefusal(raw: APIGatewayProxyEventV2): Reply | undefined {
  const key = header(raw, 'idempotency-key');
  if (key === undefined || idempotencyKeyPattern.test(key)) return undefined;
  return refused('headers_malformed', {
    field: 'Idempotency-Key',
    hint: `1 to ${idempotencyKeyMax} printable ASCII characters`,
  });
}

/** What a route does not know must not look as if it had done something. */
function queryRefusal({ queryStringParameters }: APIGatewayProxyEventV2): Reply | undefined {
  const [field] = Object.keys(queryStringParameters ?? {});
  return field === undefined ? undefined : refused('field_unknown', { field });
}

function bodyOf(raw: APIGatewayProxyEventV2): { readonly value: unknown } | undefined {
  if (raw.body === undefined || raw.body === '') return { value: undefined };
  const text = raw.isBase64Encoded ? Buffer.from(raw.body, 'base64').toString('utf8') : raw.body;
  return parseJsonExactly(text);
}
