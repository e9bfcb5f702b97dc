import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { CommandContext } from '../../../platform/command-handler/context.ts';
import { requestHashOf } from '../../../platform/command-handler/request-hash.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import { actorOf, type Caller } from './caller.ts';

/** A request whose caller is known and may ask it. */
export interface ApiRequest<Who extends Caller = Caller> {
  readonly caller: Who;
  readonly raw: APIGatewayProxyEventV2;
  /** The body as JSON; undefined when there is none. Malformed JSON never gets here. */
  readonly body: unknown;
  readonly correlationId: string;
  readonly traceparent: string | undefined;
  readonly deadline: Deadline;
}

export function parameter(request: ApiRequest, name: string): string {
  return request.raw.pathParameters?.[name] ?? '';
}

export function query(request: ApiRequest): Readonly<Record<string, string | undefined>> {
  return request.raw.queryStringParameters ?? {};
}

export function header(raw: APIGatewayProxyEventV2, name: string): string | undefined {
  return raw.headers[name];
}

/** Who, why and until when, for the commit. `extra` adds the key of idempotency, the config, what is expected. */
export function contextOf(request: ApiRequest, extra: Partial<CommandContext> = {}): CommandContext {
  const { caller, deadline, correlationId, traceparent } = request;
  return {
    actor: actorOf(caller),
    deadline,
    correlationId,
    ...(traceparent !== undefined && { traceparent }),
    ...extra,
  };
}

/** Longest `Idempotency-Key`: keys travel in snapshots. */
export const idempotencyKeyMax = 128;

/** Printable ASCII without spaces. */
export const idempotencyKeyPattern = new RegExp(`^[\\x21-\\x7e]{1,${idempotencyKeyMax}}$`);

export function idempotencyKey(request: ApiRequest): string | undefined {
  return header(request.raw, 'idempotency-key');
}

/** The key of a command: the client's, with what it stood for. A key belongs to one person or account: nobody meets another's. */
export function commandKey(commandId: string, content: unknown): NonNullable<CommandContext['key']> {
  return { commandId, requestHash: requestHashOf(content) };
}
