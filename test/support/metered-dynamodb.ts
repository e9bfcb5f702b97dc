import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { consumed, isCounted, isRead, putUnits, transactionUnits } from './consumed-capacity.ts';

export interface Consumed {
  readonly requests: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

const nothing: Consumed = { requests: 0, writeUnits: 0, readUnits: 0 };

/**
 * A door before DynamoDB Local that adds up what DynamoDB would bill for the calls that pass through it, whoever makes them. It asks for
 * the consumed capacity with every call, and computes what is billed but not reported as `ConsumedCapacityMeter` does. A call that the
 * SDK sends again because this machine was slow to answer is one: what is counted is what a function asks for.
 */
export class MeteredDynamoDb {
  readonly #server: Server;
  readonly endpoint: string;
  #sum = nothing;
  /** Of the calls that were counted. */
  readonly #invocations = new Set<string>();

  private constructor(server: Server, behind: string) {
    this.#server = server;
    const address = server.address();
    this.endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    server.on('request', (request, response) => {
      this.#pass(request, response, behind).catch((error: unknown) =>
        response.writeHead(502).end(String(error)),
      );
    });
  }

  static async start(behind: string): Promise<MeteredDynamoDb> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new MeteredDynamoDb(server, behind);
  }

  /** What was consumed since it was last asked. */
  take(): Consumed {
    const sum = this.#sum;
    this.#sum = nothing;
    return sum;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #pass(request: IncomingMessage, response: ServerResponse, behind: string): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const command = `${String(request.headers['x-amz-target']).split('.')[1]}Command`;
    const asked: object = JSON.parse(Buffer.concat(chunks).toString());
    if (isCounted(command)) Object.assign(asked, { ReturnConsumedCapacity: 'TOTAL' });
    const answer = await fetch(behind, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': String(request.headers['x-amz-target']),
        authorization: String(request.headers.authorization),
        'x-amz-date': String(request.headers['x-amz-date']),
      },
      body: JSON.stringify(asked),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    const invocation = String(request.headers['amz-sdk-invocation-id']);
    if (!this.#invocations.has(invocation)) this.#add(command, asked, JSON.parse(text));
    this.#invocations.add(invocation);
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
  }

  #add(command: string, asked: object, answer: object): void {
    const { requests, writeUnits, readUnits } = this.#sum;
    const units = Math.max(consumed(answer), transactionUnits(asked)) + refused(asked, answer);
    const read = isRead(command);
    this.#sum = {
      requests: requests + 1,
      writeUnits: writeUnits + (read ? 0 : units),
      readUnits: readUnits + (read ? units : 0),
    };
  }
}

/** A write whose condition failed is billed like one that succeeded, and not reported. */
function refused(asked: object, answer: object): number {
  const type = String(Object(answer).__type ?? '');
  return type.endsWith('ConditionalCheckFailedException') ? putUnits(asked) : 0;
}
