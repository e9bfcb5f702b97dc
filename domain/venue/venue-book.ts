import type { Contract } from '../instrument/instrument.ts';
import type { VenueReport } from '../order/commands.ts';
import { unreachable } from '../values/assert.ts';
import type { AccountId, OrderId } from '../values/ids.ts';
import type { BookInput, HaltedBy, MarketInput, OrderInput } from './book-input.ts';
import type { BookOutput } from './book-output.ts';
import {
  BookRegister,
  type RegisteredOrder,
  type RegisteredRow,
  type RegisterHead,
} from './book-register.ts';
import { type Asked, Translation } from './book-translation.ts';
import type { VenueInstruction } from './instructions.ts';
import { LedByDay } from './led-by-day.ts';
import { OrderBook } from './order-book.ts';
import { newOrderOf, replaceOrderOf } from './order-terms.ts';
import type { Phase } from './phase.ts';
import type { Slices } from './slices.ts';
import type { BookHead, WorkingOrder } from './snapshot.ts';
import { undo } from './undo-trade.ts';

type NewInput = Extract<BookInput, { input: 'new' }>;
type HaltInput = Extract<BookInput, { by: HaltedBy }>;

/** What a snapshot keeps besides the orders. */
export interface VenueBookHead {
  readonly contract: Contract;
  readonly book: BookHead;
  readonly register: RegisterHead;
  readonly halts: readonly HaltedBy[];
  readonly day?: string;
}

export interface TopOfBook {
  readonly price: number;
  readonly quantity: number;
}

/**
 * The market of one instrument as orders meet it: an order book, and the register of whose orders are in it. Deterministic: the same
 * inputs give the same outputs. Mutable, like the book inside it; whoever keeps one has to forget it when what it made of an input
 * did not get into the log.
 */
export class VenueBook {
  readonly contract: Contract;
  readonly #book: OrderBook;
  readonly #register: BookRegister;
  readonly #halts: Set<HaltedBy>;
  readonly #led: LedByDay;

  private constructor(
    contract: Contract,
    parts: {
      readonly book: OrderBook;
      readonly register: BookRegister;
      readonly halts?: readonly HaltedBy[];
      readonly day?: string | undefined;
    },
  ) {
    this.contract = contract;
    this.#book = parts.book;
    this.#register = parts.register;
    this.#halts = new Set(parts.halts);
    this.#led = new LedByDay(parts.book, parts.day);
  }

  static open(contract: Contract, phase: Phase, day?: string): VenueBook {
    return new VenueBook(contract, { book: OrderBook.open({ phase }), register: new BookRegister(), day });
  }

  /** From a snapshot: what `head`, `registered` and `workingOrders` gave, in that order. */
  static *restoring(
    { contract, book, register, halts, day }: VenueBookHead,
    rows: Iterable<RegisteredRow>,
    orders: Iterable<WorkingOrder>,
  ): Slices<VenueBook> {
    return new VenueBook(contract, {
      book: yield* OrderBook.restoring(book, orders),
      register: yield* BookRegister.restoring(register, rows),
      halts,
      day,
    });
  }

  head(): VenueBookHead {
    const halts = [...this.#halts].sort();
    const { day } = this.#led;
    const head = { contract: this.contract, book: this.#book.head(), register: this.#register.head, halts };
    return day === undefined ? head : { ...head, day };
  }

  registered(): Iterable<RegisteredRow> {
    return this.#register.rows();
  }

  workingOrders(): Iterable<WorkingOrder> {
    return this.#book.workingOrders();
  }

  get phase(): Phase {
    return this.#book.phase;
  }

  /** The trading day the book is in or, closed, has been in last; undefined while no calendar has led it. */
  get day(): string | undefined {
    return this.#led.day;
  }

  get isHalted(): boolean {
    return this.#book.halted;
  }

  isHaltedBy(who: HaltedBy): boolean {
    return this.#halts.has(who);
  }

  get lastPrice(): number | undefined {
    return this.#book.lastPrice;
  }

  get orderCount(): number {
    return this.#book.orderCount;
  }

  /** No order expires by its date before this moment, microseconds; infinite where none has a date. */
  get earliestExpiry(): number {
    return this.#book.earliestExpiry;
  }

  /** The best bid and ask with the quantity they show; absent where nobody bids or asks. */
  top(): { readonly bid?: TopOfBook; readonly ask?: TopOfBook } {
    const [bid] = this.#book.depth('buy', 1);
    const [ask] = this.#book.depth('sell', 1);
    return { ...(bid && { bid }), ...(ask && { ask }) };
  }

  depth(side: 'buy' | 'sell', levelsMax: number): readonly TopOfBook[] {
    return this.#book.depth(side, levelsMax);
  }

  /** Whether an account has orders here that are not done with. */
  worksFor(accountId: AccountId): boolean {
    return this.#register.accountNumber(accountId) !== undefined;
  }

  /** `closed`: what it was told last may not be in the order yet. `unknown`: all of it is. */
  standing(orderId: OrderId): 'working' | 'closed' | 'unknown' {
    const order = this.#register.get(orderId);
    if (!order) return 'unknown';
    return order.isClosed ? 'closed' : 'working';
  }

  /** The version of the order's stream up to which its commands were taken in; 0 for an order that is not known. */
  takenUpTo(orderId: OrderId): number {
    return this.#register.get(orderId)?.version ?? 0;
  }

  /** Whether the book has taken this in already and its answer is, or will be, on its way. */
  hasTaken(instruction: VenueInstruction): boolean {
    const order = this.#register.get(instruction.orderId);
    if (!order) return false;
    switch (instruction.instruct) {
      case 'new':
        return true;
      case 'cancel':
        return order.cancelId === instruction.requestId;
      case 'replace':
        return order.replaceId === instruction.requestId;
      default:
        return unreachable(instruction);
    }
  }

  /** A new batch: only ever begun when all that was said before is in the orders it was said to. */
  begin(): void {
    this.#register.forgetClosed();
  }

  /** Takes one input; gives what happened, in order. */
  take(input: BookInput): readonly BookOutput[] {
    switch (input.input) {
      case 'new':
        return this.#register.known(input.orderId) ? [] : this.#new(input);
      case 'cancel':
      case 'replace':
      case 'withdraw':
      case 'disown':
      case 'refuse':
        return this.#change(input);
      case 'bust':
      case 'correct':
        return undo(input, (orderId, lots) => this.#reduceExecuted(orderId, lots));
      default:
        return this.#market(input);
    }
  }

  #new(input: NewInput): readonly BookOutput[] {
    const order = this.#register.enter(input.orderId, input.version, input.accountId);
    order.orderQuantity = input.terms.orderQuantity;
    return this.#after({ asked: 'new', order }, () =>
      this.#book.place(newOrderOf(order.number, order.account?.number ?? 0, input)),
    );
  }

  #change(input: Exclude<OrderInput, { input: 'new' }>): readonly BookOutput[] {
    const known = this.#register.known(input.orderId);
    const order = known ?? this.#register.enter(input.orderId, input.version);
    order.version = Math.max(order.version, input.version);
    switch (input.input) {
      case 'cancel':
        order.cancelId = input.requestId;
        return this.#after({ asked: 'cancel', order }, () => this.#book.cancel(order.number));
      case 'replace':
        order.replaceId = input.requestId;
        return this.#after({ asked: 'replace', order }, () =>
          this.#book.replace(replaceOrderOf(order.number, input.terms, input.previous)),
        );
      case 'withdraw':
        return this.#after({ asked: 'withdraw', order }, () => {
          if (this.#book.isWorking(order.number)) this.#book.cancel(order.number);
        });
      case 'disown':
        if (known) return [];
        return this.#end(
          order,
          input.requestId === undefined
            ? { report: 'cancel', reason: 'unsolicited' }
            : { report: 'confirm-cancel' },
        );
      case 'refuse':
        return known ? [] : this.#end(order, { report: 'reject', text: input.text });
      default:
        return unreachable(input);
    }
  }

  #end(order: RegisteredOrder, report: VenueReport): readonly BookOutput[] {
    this.#register.close(order);
    return [{ output: 'report', orderId: order.orderId, report }];
  }

  #market(input: Exclude<MarketInput, { input: 'bust' | 'correct' }>): readonly BookOutput[] {
    switch (input.input) {
      case 'mass-cancel':
        return this.#after({ asked: 'mass-cancel', reason: input.reason }, () =>
          this.#cancelAll(input.accountId),
        );
      case 'halt':
      case 'resume':
        return this.#after(nobody, () => this.#halt(input));
      case 'begin-call':
        return this.#after(nobody, () => this.#led.beginCall(input));
      case 'uncross':
        return this.#after(nobody, () => this.#led.uncross(input));
      case 'end-day':
        return this.#after(nobody, () => this.#led.endDay(input));
      case 'expire-day':
        return this.#after(nobody, () => this.#book.expireDay());
      case 'expire-date':
        return this.#after(nobody, () => this.#book.expire(input.now));
      default:
        return unreachable(input);
    }
  }

  #halt({ input, by }: HaltInput): void {
    if (input === 'halt') this.#halts.add(by);
    else this.#halts.delete(by);
    if (this.#halts.size > 0) this.#book.halt();
    else this.#book.resume();
  }

  #cancelAll(accountId: AccountId | undefined): void {
    if (accountId === undefined) {
      this.#book.cancelAll();
      return;
    }
    const number = this.#register.accountNumber(accountId);
    if (number !== undefined) this.#book.cancelAll(number);
  }

  #reduceExecuted(orderId: OrderId, lots: number): number | undefined {
    const order = this.#register.known(orderId);
    if (!order || !this.#book.reduceExecuted(order.number, lots)) return undefined;
    order.orderQuantity -= lots;
    return order.orderQuantity;
  }

  /** Does something to the book, and says what came of it in the words of orders. */
  #after(asked: Asked, change: () => void): readonly BookOutput[] {
    change();
    const translation = new Translation(this.#register, asked, this.contract.symbol);
    const outputs: BookOutput[] = [];
    for (const report of this.#book.reports) {
      const output = translation.of(report);
      if (output) outputs.push(output);
    }
    this.#book.reports.clear();
    // A request of an order that the book does not work (any more) has been answered, and that is all there is to know of it here.
    if ('order' in asked && !this.#book.isWorking(asked.order.number)) this.#register.close(asked.order);
    return outputs;
  }
}

const nobody: Asked = { asked: 'market' };
