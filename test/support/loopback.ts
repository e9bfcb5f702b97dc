import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A service's protocol over HTTP on a port of this machine, spoken as well or as badly as a test says. */
export abstract class Loopback {
  readonly #server = createServer((request, response) => {
    this.#take(request, response).catch((error: unknown) => response.destroy(new Error(String(error))));
  });

  /** An answer that never comes is no answer: nothing has to be said of it. */
  protected abstract answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void;

  get endpoint(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  async listening(): Promise<this> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await this.#server[Symbol.asyncDispose]();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    this.answer(request, Buffer.concat(chunks), response);
  }
}
