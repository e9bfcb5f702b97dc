import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export type PollAnswer =
  | { readonly kind: 'config'; readonly text: string }
  | { readonly kind: 'unchanged' | 'reject' | 'fail' | 'hang' };

export interface Poll {
  readonly atMs: number;
  readonly token: string;
}

/** AppConfig's data plane as it behaves: a session's tokens are good once, and every answer brings the next and how long to wait. */
export class AppConfigLoopback {
  readonly sessions: number[] = [];
  readonly polls: Poll[] = [];
  readonly #server: Server;
  #next = 0;
  #valid: string | undefined;
  answer: PollAnswer = { kind: 'unchanged' };
  isSessionDown = false;
  intervalSeconds = 15;

  private constructor() {
    this.#server = createServer((request, response) => this.#serve(request, response));
  }

  static async start(): Promise<AppConfigLoopback> {
    const loopback = new AppConfigLoopback();
    loopback.#server.listen(0, '127.0.0.1');
    await once(loopback.#server, 'listening');
    return loopback;
  }

  get endpoint(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://loopback');
    if (request.method === 'POST' && url.pathname === '/configurationsessions') return this.#begin(response);
    const token = url.searchParams.get('configuration_token') ?? '';
    this.polls.push({ atMs: performance.now(), token });
    if (token !== this.#valid || this.answer.kind === 'reject') return refuse(response);
    if (this.answer.kind === 'hang') return;
    if (this.answer.kind === 'fail') {
      response.writeHead(500, { 'x-amzn-errortype': 'InternalServerException' }).end('{}');
      return;
    }
    response.writeHead(200, {
      'content-type': 'application/json',
      'next-poll-configuration-token': this.#token(),
      'next-poll-interval-in-seconds': String(this.intervalSeconds),
    });
    response.end(this.answer.kind === 'config' ? this.answer.text : '');
  }

  #begin(response: ServerResponse): void {
    this.sessions.push(performance.now());
    if (this.isSessionDown) {
      response.writeHead(500, { 'x-amzn-errortype': 'InternalServerException' }).end('{}');
      return;
    }
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ InitialConfigurationToken: this.#token() }));
  }

  #token(): string {
    this.#next += 1;
    this.#valid = `token-${this.#next}`;
    return this.#valid;
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(400, { 'content-type': 'application/json', 'x-amzn-errortype': 'BadRequestException' });
  response.end(JSON.stringify({ Message: 'the token is invalid', Reason: 'InvalidParameters' }));
}
