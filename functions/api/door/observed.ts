import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { StoreFull } from '../../../platform/event-store/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Caller } from './caller.ts';
import type { AnyReason } from './reasons.ts';
import { requestMetrics } from './request-metrics.ts';
import { type Answered, type Reply, refused, toResult, withHeaders } from './reply.ts';
import { header } from './request.ts';

export type ObservedDependencies = Pick<Dependencies, 'clock' | 'random' | 'telemetry' | 'requestLogEvery'>;

/** What is known of a request as it goes through; ends as its one line in the log. */
export interface Trail {
  readonly correlationId: string;
  readonly traceparent: string | undefined;
  readonly startedMs: number;
  caller?: Caller;
  reason?: AnyReason | undefined;
  /** Whatever becomes of the request, its answer has these. */
  headers?: Reply['headers'];
}

const trails = new WeakMap<object, Trail>();

export function trailOf(context: object): Trail {
  const trail = trails.get(context);
  if (!trail) throw new TypeError('a request is observed before it is handled');
  return trail;
}

const idPattern = /^[\w-]{1,64}$/;

/** The account and the order that a request is about, as far as its key and its path say. What is no id stays out of the log. */
function concerned(
  { pathParameters }: APIGatewayProxyEventV2,
  caller: Caller | undefined,
): { readonly accountId: string | undefined; readonly orderId: string | undefined } {
  const named = (name: string) => {
    const id = pathParameters?.[name];
    return id !== undefined && idPattern.test(id) ? id : undefined;
  };
  const accountId = caller?.role === 'client' ? caller.accountId : named('account_id');
  return { accountId, orderId: named('order_id') };
}

const correlationPattern = /^[\w.:-]{1,64}$/;
const traceparentPattern = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

type Middleware = MiddlewareObj<APIGatewayProxyEventV2, Answered>;

/** Gives every request its ids, its line in the log, and an answer without internals when something broke. */
export function observed(
  name: string,
  { clock, random, telemetry, requestLogEvery }: ObservedDependencies,
): Middleware {
  const { log, metrics } = telemetry;
  const count = requestMetrics(metrics);
  let served = 0;
  let asked = 0;
  // Unique without a draw for each: the process has a name of its own, and its requests have numbers.
  const instance = random.id().slice(0, 11);
  const nextId = () => {
    asked += 1;
    return `${instance}-${asked.toString(36)}`;
  };
  const line = (raw: APIGatewayProxyEventV2, status: number, trail: Trail) => {
    served += 1;
    const durationMs = clock.monotonicMs() - trail.startedMs;
    count({ route: raw.routeKey, status, reason: trail.reason, durationMs });
    if (status < 400 && served % requestLogEvery !== 0) return;
    log.info('request', {
      function: name,
      route: raw.routeKey,
      status,
      reason: trail.reason,
      durationMs: Math.round(durationMs * 1000) / 1000,
      caller: trail.caller?.role,
      apiKeyId: trail.caller?.keyId,
      ...concerned(raw, trail.caller),
      correlationId: trail.correlationId,
      traceparent: trail.traceparent,
    });
  };
  return {
    before: ({ event: raw, context }) => {
      const given = header(raw, 'x-correlation-id') ?? header(raw, 'x-request-id') ?? '';
      const traceparent = header(raw, 'traceparent') ?? '';
      trails.set(context, {
        correlationId: correlationPattern.test(given) ? given : nextId(),
        traceparent: traceparentPattern.test(traceparent) ? traceparent : undefined,
        startedMs: clock.monotonicMs(),
      });
    },
    after: ({ event: raw, context, response }) => line(raw, response?.statusCode ?? 0, trailOf(context)),
    onError: (request) => {
      const trail = trailOf(request.context);
      const reply = failed(request.error);
      trail.reason = reply.reason;
      if (reply.status === 500) {
        log.error('request failed', request.error, { function: name, correlationId: trail.correlationId });
      }
      line(request.event, reply.status, trail);
      request.response = toResult(withHeaders(reply, trail.headers), trail.correlationId);
    },
  };
}

/** Everything that passes by itself says so, by its type; anything else is a fault of ours, and none of the client's business. */
function failed(error: unknown): Reply {
  const isRetryable = error instanceof Error && 'retryable' in error && error.retryable === true;
  if (!isRetryable) return refused('internal_error');
  if (error instanceof StoreFull) return { ...refused('storage_full'), headers: { 'retry-after': '5' } };
  return { ...refused('temporarily_unavailable'), headers: { 'retry-after': '1' } };
}
