import {
  type ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Clock } from '../clock/clock.ts';
import { type Deadline, DeadlineExceeded } from '../deadline/deadline.ts';
import { signalFor } from '../outgoing/signal.ts';
import { type Sockets, SocketsRejected, SocketsUnavailable } from './port.ts';

export interface GatewaySocketsOptions {
  /** Made by `createGatewayClient`, so that its calls end. Stays the caller's to destroy. */
  readonly client: ApiGatewayManagementApiClient;
  readonly clock: Clock;
}

/** What one call may take, its repeats with it: a client that takes nothing for so long is not waited for. */
const callMs = 3_000;

/** Connections that an API Gateway WebSocket API holds. */
export class GatewaySockets implements Sockets {
  readonly #client: ApiGatewayManagementApiClient;
  readonly #clock: Clock;

  constructor({ client, clock }: GatewaySocketsOptions) {
    this.#client = client;
    this.#clock = clock;
  }

  async say(connectionId: string, text: string, deadline: Deadline): Promise<'said' | 'gone'> {
    const command = new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.from(text) });
    return this.#outcome(this.#client.send(command, this.#bounded(deadline)));
  }

  async isThere(connectionId: string, deadline: Deadline): Promise<boolean> {
    const command = new GetConnectionCommand({ ConnectionId: connectionId });
    return (await this.#outcome(this.#client.send(command, this.#bounded(deadline)))) === 'said';
  }

  async end(connectionId: string, deadline: Deadline): Promise<void> {
    const command = new DeleteConnectionCommand({ ConnectionId: connectionId });
    await this.#outcome(this.#client.send(command, this.#bounded(deadline)));
  }

  async #outcome(answer: Promise<unknown>): Promise<'said' | 'gone'> {
    try {
      await answer;
      return 'said';
    } catch (error) {
      if (error instanceof GoneException) return 'gone';
      throw failure(error);
    }
  }

  #bounded(deadline: Deadline): { readonly abortSignal: AbortSignal } {
    return { abortSignal: signalFor(deadline, this.#clock, callMs) };
  }
}

function failure(cause: unknown): Error {
  if (cause instanceof DeadlineExceeded) return cause;
  const status: unknown = Object(Object(cause).$metadata).httpStatusCode;
  const words = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const isRefused = typeof status === 'number' && status >= 400 && status < 500 && status !== 429;
  return isRefused ? new SocketsRejected(words, { cause }) : new SocketsUnavailable(words, { cause });
}
