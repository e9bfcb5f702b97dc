import { formatQuantity } from '../../../domain/instrument/instrument.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import type { DoorAnswer } from '../door/front-door.ts';
import type { Errand } from '../door/errand.ts';
import { demand, LawBroken } from '../law.ts';
import type { Log } from './log.ts';
import type { OrderModel } from './order-model.ts';

/** What was known when a request was sent: its answer must not be older. */
export interface Before {
  /** It is in the log already, from an earlier try. */
  readonly wasDone: boolean;
  /** How many commits its order had. */
  readonly head: number;
  readonly told: Told | undefined;
}

/** What somebody was told of an order, under one of the ids it is known by. */
interface Told {
  readonly stream: string;
  /** RFC 3339, always of the same length. */
  readonly updatedAt: string;
}

/** An order after one of its commits, as far as a reader must see it. */
interface Seen {
  readonly filled: string;
  readonly isClosed: boolean;
  readonly isCanceling: boolean;
}

/** Everything else is no answer to what was asked: whoever gets it asks again. */
export function isSettled({ status }: DoorAnswer): boolean {
  return status < 500 && status !== 429;
}

const refusals: readonly unknown[] = ['OrderDenied', 'ReplaceRejected', 'CancelRejected'];

/** What the door says of itself and writes nowhere; any other refusal of an order is on record. */
const unrecorded = /^(?:field_|body_|not_authenticated$|position_not_found$|.*_reused$)/;

/** What is said over HTTP is true: what was taken is in the log once, what was refused is not, and what is read is not old. */
export class DoorLaws {
  readonly #log: Log;
  readonly #names = new Map<string, string>();
  readonly #seen = new Map<string, Seen[]>();
  readonly #told = new Map<string, Told>();
  readonly #given = new Map<string, string>();
  /** Requests that nothing may ever come of. */
  readonly #void = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Every order after each of its commits. */
  learn({ stream, version, events: [first] }: Commit, order: OrderModel): void {
    const { accountId, clientOrderId, contract } = order.placed;
    if (first.type === 'OrderPlaced') {
      const name = `${accountId} ${clientOrderId}`;
      const known = this.#names.get(name) ?? stream;
      demand(
        known === stream,
        'a client order id names one order',
        () => `${name}: ${known} and ${stream}@${version}`,
      );
      this.#names.set(name, stream);
    }
    const seen = this.#seen.get(stream) ?? [];
    this.#seen.set(stream, seen);
    seen[version - 1] = {
      filled: formatQuantity(order.lots, contract),
      isClosed: order.closed !== undefined,
      isCanceling: order.pending.some(({ kind }) => kind === 'cancel'),
    };
  }

  before({ name, orderId }: Errand): Before {
    const told = orderId === undefined ? undefined : this.#told.get(orderId);
    const head = told ? this.#log.head(told.stream) : 0;
    return { wasDone: this.#log.commandNamed(name) !== undefined, head, told };
  }

  check(errand: Errand, answer: DoorAnswer, before: Before): void {
    const { status, body } = answer;
    const said = `${errand.name}: ${status} ${JSON.stringify(body)}`;
    if (errand.isStranger) {
      this.#void.add(errand.name);
      demand([401, 429, 503].includes(status), 'nobody gets in without the secret', () => said);
    }
    demand(status < 500 || status === 503, 'nothing unexpected is thrown', () => said);
    if (!isSettled(answer) || errand.isStranger) return;
    demand(status !== 401, 'who has the key gets in', () => said);
    if (errand.kind === 'read') return this.#checkRead(errand, answer, before, said);
    const done = this.#log.commandNamed(errand.name);
    demand(!answer.isReplayed || done !== undefined, 'what was answered is in the log', () => said);
    demand(
      !before.wasDone || answer.isReplayed,
      'a repeat is recognised',
      () => `${said} at a time when it was done`,
    );
    if (status < 300) this.#checkTaken(errand, answer, before, done);
    else this.#checkRefused(errand, answer, before, done);
    if (done) this.#checkSame(errand.name, `${status} ${String(body['id'] ?? body['reason'])}`);
  }

  /** The name of an order that is on record stands for that one. */
  demandRefused(name: string, status: number): void {
    demand(status === 422, 'a key stands for one request', () => `${name}: ${status} for another order`);
  }

  /** Once nothing is on its way any more. */
  checkEnd(): void {
    for (const name of this.#void)
      demand(
        this.#log.commandNamed(name) === undefined,
        'a refusal leaves nothing',
        () => `${name} was refused at the door, and is in the log`,
      );
  }

  #checkTaken(errand: Errand, { status, body }: DoorAnswer, before: Before, done: Commit | undefined): void {
    const said = () => `${errand.name}: ${status} ${JSON.stringify(body)}, logged ${JSON.stringify(done)}`;
    if (errand.kind === 'cancel') {
      const isDone = done?.events.some(({ type }) => type === 'CancelRequested') ?? false;
      demand(isDone || this.#wasCanceling(before), 'what was answered is in the log', said);
      return;
    }
    const [event] = done?.events ?? [];
    const isReplace = errand.kind === 'replace';
    const id = isReplace ? event?.data['replacementId'] : event?.data['orderId'];
    const isRight =
      done !== undefined &&
      event?.type === (isReplace ? 'ReplaceRequested' : 'OrderPlaced') &&
      id === body['id'] &&
      event.data['clientOrderId'] === body['client_order_id'];
    demand(isRight, 'what was answered is in the log', said);
    if (isReplace) demand(body['replaces'] === errand.orderId, 'what was answered is in the log', said);
    else this.#checkPlaced(errand, body, done, said);
    this.#tell(done.stream, body);
  }

  #checkPlaced({ account, asked }: Errand, body: DoorAnswer['body'], done: Commit, said: () => string): void {
    const law = 'an order is the one that was asked for';
    demand(done.stream === `order-${String(body['id'])}`, law, said);
    demand(done.events[0].data['accountId'] === account, law, said);
    for (const [field, value] of Object.entries(asked ?? {})) demand(body[field] === value, law, said);
  }

  #checkRefused(
    errand: Errand,
    { body, status }: DoorAnswer,
    before: Before,
    done: Commit | undefined,
  ): void {
    const said = () => `${errand.name}: ${status} ${JSON.stringify(body)}, logged ${JSON.stringify(done)}`;
    const reason = String(body['reason']);
    if (done) {
      const [{ type, data }] = done.events;
      demand(refusals.includes(type) && data['reason'] === reason, 'a refusal leaves nothing', said);
      return;
    }
    demand(reason !== 'order_not_found' || !before.told, 'what was answered can be read', said);
    const isOrder = errand.kind === 'place' || errand.kind === 'close';
    demand(!isOrder || unrecorded.test(reason), 'a refusal is on record', said);
    if (reason.startsWith('field_')) this.#void.add(errand.name);
  }

  #checkRead({ orderId }: Errand, { status, body }: DoorAnswer, before: Before, said: string): void {
    const { told, head } = before;
    if (!told) return;
    demand(status === 200 && body['id'] === orderId, 'what was answered can be read', () => said);
    const updatedAt = String(body['updated_at']);
    demand(
      updatedAt >= told.updatedAt,
      'what is read is not older than what was said',
      () => `${said}, said before: ${told.updatedAt}`,
    );
    this.#checkFresh(body, told.stream, head, said);
    this.#tell(told.stream, body);
  }

  /** As the order was at some moment since the question: of one that was never replaced. */
  #checkFresh(body: DoorAnswer['body'], stream: string, head: number, said: string): void {
    if (body['replaced_by'] !== null || stream !== `order-${String(body['id'])}`) return;
    if (body['order_class'] !== 'simple') return;
    const since = this.#seen.get(stream)?.slice(Math.max(0, head - 1)) ?? [];
    demand(
      since.some(({ filled }) => filled === body['filled_qty']),
      'what is read is not older than the log',
      () => `${said}, since then ${JSON.stringify(since)}`,
    );
  }

  #wasCanceling({ told, head }: Before): boolean {
    const since = told ? this.#seen.get(told.stream)?.slice(Math.max(0, head - 1)) : undefined;
    return since?.some(({ isClosed, isCanceling }) => isClosed || isCanceling) ?? false;
  }

  #tell(stream: string, body: DoorAnswer['body']): void {
    const { id, updated_at: at } = body;
    if (typeof id !== 'string' || typeof at !== 'string') throw new LawBroken('an order has an id', stream);
    const known = this.#told.get(id)?.updatedAt ?? '';
    this.#told.set(id, { stream, updatedAt: at > known ? at : known });
  }

  #checkSame(name: string, text: string): void {
    const given = this.#given.get(name) ?? text;
    demand(given === text, 'a repeat gets the same answer', () => `${name}: ${given}, then ${text}`);
    this.#given.set(name, given);
  }
}
