import type { IncomingMessage, ServerResponse } from 'node:http';
import { Loopback } from './loopback.ts';

/** How a connection behaves that the gateway holds. */
export type SocketState =
  /** Takes what it is sent. */
  | 'open'
  /** It is not there any more. */
  | 'gone'
  /** The gateway has lost its patience with whoever sends, or with itself. */
  | 'throttled'
  | 'failing'
  /** Whoever sends may not. */
  | 'forbidden'
  /** Nothing is ever answered. */
  | 'stalled';

/** Speaks the protocol by which API Gateway's WebSocket API is told what to say to clients, as well or as badly as a test says. */
export class GatewayLoopback extends Loopback {
  readonly states = new Map<string, SocketState>();
  /** What each connection was sent, in order. */
  readonly #said = new Map<string, unknown[]>();
  /** Those that were ended from our side. */
  readonly ended: string[] = [];

  static start(): Promise<GatewayLoopback> {
    return new GatewayLoopback().listening();
  }

  /** Of a stage called `stream`. */
  override get endpoint(): string {
    return `${super.endpoint}/stream`;
  }

  /** What a connection was sent that was not taken before. */
  heard(connectionId: string): readonly unknown[] {
    return (this.#said.get(connectionId) ?? []).splice(0);
  }

  protected override answer(request: IncomingMessage, sent: Buffer, response: ServerResponse): void {
    const [, stage, route, id = ''] = (request.url ?? '').split('/').map(decodeURIComponent);
    if (stage !== 'stream' || route !== '@connections') return refuse(response, 404, 'NotFoundException');
    const state = this.states.get(id) ?? 'open';
    if (state === 'stalled') return;
    if (state === 'gone') return refuse(response, 410, 'GoneException');
    if (state === 'forbidden') return refuse(response, 403, 'ForbiddenException');
    if (state === 'throttled') return refuse(response, 429, 'LimitExceededException');
    if (state === 'failing') return refuse(response, 500, 'InternalServerException');
    if (request.method === 'DELETE') {
      this.ended.push(id);
      this.states.set(id, 'gone');
    } else if (request.method === 'POST') {
      const said = this.#said.get(id) ?? [];
      said.push(JSON.parse(sent.toString('utf8')));
      this.#said.set(id, said);
    }
    if (request.method !== 'GET') response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }
}

function refuse(response: ServerResponse, status: number, type: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'x-amzn-ErrorType': type })
    .end(JSON.stringify({ message: 'as the test says' }));
}
