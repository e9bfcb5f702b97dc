import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface Received {
  readonly body: string;
  readonly signature: string;
  readonly webhookId: string;
  readonly delivery: string;
}

/** What the receiver does with one message. */
export type Behaviour = number | 'hang' | 'reset' | 'redirect' | 'drip' | 'flood';

/** A customer's receiver on the loopback, as bad as it is told to be. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  /** Does so with the next messages, one each; then answers 200. */
  readonly next: Behaviour[] = [];
  /** Does so with every message, when nothing is next. */
  always: Behaviour = 200;
  inWork = 0;
  mostInWork = 0;
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      this.#take(request, response).catch(() => response.destroy());
    });
  }

  async start(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  get events(): readonly string[] {
    return this.received.map(({ body }) => {
      const { number, event }: { readonly number: number; readonly event: string } = JSON.parse(body);
      return `${number} ${event}`;
    });
  }

  /** Resolves when so many messages have come. */
  async count(messages: number): Promise<void> {
    while (this.received.length < messages)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { headers } = request;
    this.received.push({
      body: Buffer.concat(chunks).toString('utf8'),
      signature: String(headers['ordercell-signature']),
      webhookId: String(headers['ordercell-webhook-id']),
      delivery: String(headers['ordercell-delivery']),
    });
    this.inWork += 1;
    this.mostInWork = Math.max(this.mostInWork, this.inWork);
    response.once('close', () => {
      this.inWork -= 1;
    });
    for (const tell of this.#waiting.splice(0)) tell();
    behave(this.next.shift() ?? this.always, request, response);
  }
}

function behave(behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): void {
  switch (behaviour) {
    case 'hang':
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'redirect':
      response.writeHead(307, { location: 'http://127.0.0.1:1/elsewhere' }).end();
      return;
    case 'drip':
      response.writeHead(200);
      response.write('.');
      return;
    case 'flood':
      response.writeHead(200).end('x'.repeat(100_000));
      return;
    default:
      response.writeHead(behaviour).end('thank you');
  }
}
