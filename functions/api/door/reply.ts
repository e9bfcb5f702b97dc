import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type AnyReason, entryOf } from './reasons.ts';

/** A body as it comes about. Ends when the signal says that nobody reads on; is iterated in any case, to give back what it holds. */
export type Chunks = (signal: AbortSignal) => AsyncIterable<string>;

/** What a function answers: as Lambda has it, or with `chunks` instead of a body, where Lambda streams the response. */
export interface Answered extends APIGatewayProxyStructuredResultV2 {
  readonly chunks?: Chunks;
}

/** What a route answers. `body` is a value to be written as JSON; absent: there is none. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** Instead of a body: one that goes on. */
  readonly chunks?: Chunks;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log. */
  readonly reason?: AnyReason;
}

export interface RefusalDetails {
  /** Which field of the request, as a path: `legs.0.symbol`. */
  readonly field?: string;
  readonly limit?: string;
  readonly observed?: string;
  /** What would be right, in words. */
  readonly hint?: string;
}

export function ok(body: unknown, headers?: Reply['headers']): Reply {
  return { status: 200, body, ...(headers && { headers }) };
}

/** An answer that goes on for as long as somebody reads it. Nothing on the way may keep it back. */
export function streamed(contentType: string, chunks: Chunks): Reply {
  const headers = { 'content-type': contentType, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
  return { status: 200, chunks, headers };
}

export const noContent: Reply = { status: 204 };

/** A refusal names its reason, and the limit and the value that decided it. */
export function refused(reason: AnyReason, details: RefusalDetails = {}): Reply {
  const { httpStatus, alpacaCode, sentence } = entryOf(reason);
  const { field, limit, observed, hint } = details;
  const shown = [
    field !== undefined && `${field}: ${hint ?? sentence}`,
    field === undefined && (hint === undefined ? sentence : `${sentence} ${hint}`),
    limit !== undefined && observed !== undefined && `(limit ${limit}, observed ${observed})`,
    limit !== undefined && observed === undefined && `(limit ${limit})`,
    limit === undefined && observed !== undefined && `(observed ${observed})`,
  ].filter((part) => part !== false);
  return {
    status: httpStatus,
    body: {
      code: alpacaCode,
      message: shown.join(' '),
      reason,
      ...(field !== undefined && { field }),
      ...(limit !== undefined && { limit }),
      ...(observed !== undefined && { observed }),
    },
    reason,
  };
}

/** Marks what was answered before under the same key. */
export function replayed(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, 'idempotency-replayed': 'true' } };
}

/** The same, with headers it has not got. */
export function withHeaders(reply: Reply, headers: Reply['headers']): Reply {
  return headers ? { ...reply, headers: { ...headers, ...reply.headers } } : reply;
}

export function toResult(reply: Reply, correlationId: string): Answered {
  const headers = { 'x-request-id': correlationId, ...reply.headers };
  if (reply.chunks) return { statusCode: reply.status, headers, chunks: reply.chunks };
  if (reply.body === undefined) return { statusCode: reply.status, headers };
  return {
    statusCode: reply.status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(reply.body),
  };
}
