import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BusEvent } from '../../platform/event-bus/in-process.ts';
import { Loopback } from './loopback.ts';

/** An entry as it came in. */
export interface ReceivedEntry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/** What one entry of a request is answered with: taken, or an error code inside the 200. */
export type EntryAnswer = 'taken' | { readonly code: string };

/** What becomes of one request. */
export type RequestAnswer =
  | { readonly kind: 'entries'; readonly of: (entry: ReceivedEntry, index: number) => EntryAnswer }
  | { readonly kind: 'error'; readonly status: number; readonly type: string }
  /** The connection breaks, before or after the entries were taken. */
  | { readonly kind: 'cut'; readonly afterTaking: boolean }
  | { readonly kind: 'hang' }
  /** A 200 that says nothing of any entry. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'garbage' };

export const allTaken: RequestAnswer = { kind: 'entries', of: () => 'taken' };

/** Speaks EventBridge's protocol (AWS JSON 1.1) on a port of this machine, as well or as badly as a test says. */
export class EventBridgeLoopback extends Loopback {
  /** Every request for `PutEvents`, as it came. */
  readonly requests: (readonly ReceivedEntry[])[] = [];
  /** What subscribers would be handed, in the order taken. */
  readonly taken: BusEvent[] = [];
  readonly buses = new Set(['ordercell']);
  /** Of the next requests, one each; then everything is taken. */
  readonly answers: RequestAnswer[] = [];
  /** The same for looking at the bus. */
  readonly descriptions: RequestAnswer[] = [];

  static start(): Promise<EventBridgeLoopback> {
    return new EventBridgeLoopback().listening();
  }

  protected override answer(request: IncomingMessage, sent: Buffer, response: ServerResponse): void {
    const body = JSON.parse(sent.toString('utf8'));
    const operation = String(request.headers['x-amz-target']).split('.').at(-1);
    if (operation === 'DescribeEventBus') return this.#describe(body.Name, response);
    this.requests.push(body.Entries);
    this.#put(body.Entries, this.answers.shift() ?? allTaken, response);
  }

  #describe(name: string, response: ServerResponse): void {
    const answer = this.descriptions.shift();
    if (answer) return this.#misbehave(answer, response);
    if (this.buses.has(name))
      return json(response, 200, { Name: name, Arn: `arn:aws:events:local::event-bus/${name}` });
    json(response, 400, {
      __type: 'ResourceNotFoundException',
      message: `Event bus ${name} does not exist.`,
    });
  }

  #put(entries: readonly ReceivedEntry[], answer: RequestAnswer, response: ServerResponse): void {
    if (answer.kind !== 'entries') {
      if (answer.kind === 'cut' && answer.afterTaking) for (const entry of entries) this.#take(entry);
      return this.#misbehave(answer, response);
    }
    const results = entries.map((entry, index) => {
      const one = answer.of(entry, index);
      if (one !== 'taken') return { ErrorCode: one.code, ErrorMessage: 'as the test says' };
      return { EventId: String(this.#take(entry)) };
    });
    json(response, 200, {
      FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
      Entries: results,
    });
  }

  #misbehave(answer: RequestAnswer, response: ServerResponse): void {
    if (answer.kind === 'error')
      json(response, answer.status, { __type: answer.type, message: 'as the test says' });
    else if (answer.kind === 'cut') response.destroy();
    else if (answer.kind === 'silent') json(response, 200, { FailedEntryCount: 0, Entries: [] });
    else if (answer.kind === 'garbage') response.writeHead(200).end('<html>busy</html>');
    // `hang`: nothing is ever said.
  }

  /** Entries to a bus that does not exist are taken and go nowhere, as with EventBridge. */
  #take({ EventBusName, Source, DetailType, Detail }: ReceivedEntry): number {
    if (!this.buses.has(EventBusName)) return 0;
    return this.taken.push({ source: Source, 'detail-type': DetailType, detail: JSON.parse(Detail) });
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
