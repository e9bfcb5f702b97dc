import { orderStream } from '../../domain/order/effects.ts';
import type { Order } from '../../domain/order/state.ts';
import type { OrderId } from '../../domain/values/ids.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { BookInput, MarketInput, OrderInput } from '../../domain/venue/book-input.ts';
import { bookStream } from '../../domain/venue/book-output.ts';
import type { VenueInstruction } from '../../domain/venue/instructions.ts';
import type { VenueBook } from '../../domain/venue/venue-book.ts';
import { isOfAnotherVenue } from '../../domain/venue-report/state.ts';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit } from '../event-store/port.ts';
import type { OrderHandler } from '../reporting/venue-reporting.ts';
import { isRetryable } from '../consumer/errors.ts';
import { BookKeeper, type BookKeeperOptions, type BookOrigin, type Opening } from './book-keeper.ts';
import { openingFor, phaseInputs } from './calendar-phases.ts';
import { dateInputs, unlessLate } from './due-dates.ts';
import { type Hint, hintsIn } from './hints.ts';
import { internalVenue, type MarketSource, type MarketStops } from './market-rules.ts';
import { Openings } from './openings.ts';
import { inputsFor } from './order-inputs.ts';
import type { Known, MassCancel, Sent, Venue } from './port.ts';

export interface OwnVenueOptions {
  readonly books: BookKeeperOptions;
  readonly orders: OrderHandler;
  readonly markets: MarketSource;
  readonly clock: Clock;
  /** An order that cannot be read, and so cannot be sent. Must not throw. */
  readonly onUnreadable: (orderId: string, error: unknown) => void;
  /** A book that cannot go on: its orders wait until somebody has looked; the other books trade on. Told once. Must not throw. */
  readonly onStopped: (symbol: string, error: unknown) => void;
}

/** Until a stopped book that other processes lead too is tried again. */
const stoppedTryUs = 30_000_000;

/**
 * Our own market: every instrument whose venue is `internal` has a book here. Messages only say which orders to look at; what they ask
 * follows from the orders themselves.
 */
export class OwnVenue implements Venue {
  readonly venueId = internalVenue;
  readonly #options: OwnVenueOptions;
  readonly #keepers = new Map<string, BookKeeper>();
  readonly #stopped = new Map<string, unknown>();
  /** When a stopped book was tried last. */
  readonly #triedAt = new Map<string, Timestamp>();
  readonly #openings: Openings;

  constructor(options: OwnVenueOptions) {
    this.#options = options;
    this.#openings = new Openings(options.clock);
  }

  /** Whether new orders of this instrument trade here. */
  trades(symbol: string): boolean {
    return this.#options.markets.rules(symbol)?.isOurs === true;
  }

  /** What commits of orders ask for, in their order. Throws what is retryable: deliver them again. */
  async deliver(commits: readonly Commit[], deadline: Deadline): Promise<void> {
    await this.attend(hintsIn(commits), deadline);
  }

  /** Resolves to how many of these orders had asked, by the version that was given, for what nobody had brought. */
  async attend(hints: readonly Hint[], deadline: Deadline): Promise<number> {
    const bySymbol = new Map<string, Hint[]>();
    for (const hint of hints) {
      const symbol = hint.symbol ?? (await this.#symbolOf(hint.orderId, deadline));
      if (symbol === undefined) continue;
      const some = bySymbol.get(symbol) ?? [];
      some.push(hint);
      bySymbol.set(symbol, some);
    }
    let brought = 0;
    const books = [...bySymbol].map(async ([symbol, some]) =>
      this.#unlessStopped(symbol, async () => {
        brought += await this.#attendIn(symbol, some, deadline);
      }),
    );
    for (const done of await Promise.allSettled(books)) if (done.status === 'rejected') throw done.reason;
    return brought;
  }

  async send(instructions: readonly VenueInstruction[], deadline: Deadline): Promise<Sent> {
    return this.#sent(async () => {
      await this.attend(
        instructions.map(({ orderId, version }) => ({ orderId, version })),
        deadline,
      );
    });
  }

  async massCancel({ reason, accountId, symbol }: MassCancel, deadline: Deadline): Promise<Sent> {
    const input: MarketInput = {
      input: 'mass-cancel',
      reason,
      ...(accountId !== undefined && { accountId }),
    };
    const symbols = symbol === undefined ? [...this.#keepers.keys()] : [symbol];
    return this.#sent(async () => {
      await Promise.all(symbols.map(async (one) => this.command(one, [input], deadline)));
    });
  }

  /** The order itself has all that its book ever said to it. */
  async query(orderId: OrderId, deadline: Deadline): Promise<Known> {
    const order = await this.#order(orderId, deadline);
    if (!order) return { knows: 'nothing' };
    await this.#attendIn(order.at.contract.symbol, [{ orderId, version: order.version }], deadline);
    const { at } = (await this.#order(orderId, deadline)) ?? order;
    return at.applied[bookStream(at.contract.symbol)]
      ? { knows: 'order', reports: [] }
      : { knows: 'nothing' };
  }

  /** What who runs the market asks of one book. Nothing happens where the instrument never traded here. */
  async command(symbol: string, inputs: readonly MarketInput[], deadline: Deadline): Promise<void> {
    await this.#run(symbol, async () => inputs, { deadline });
  }

  /** Worked out on the book once all it has said is in its orders; see `BookKeeper.run`. */
  async prepared(
    symbol: string,
    prepare: (book: VenueBook) => Promise<readonly MarketInput[]>,
    origin: BookOrigin & { readonly deadline: Deadline },
  ): Promise<void> {
    await this.#run(symbol, prepare, origin);
  }

  /** Does something while nothing else goes on in one book here. One that cannot go on stands still anyway. */
  async inTurn(symbol: string, work: () => Promise<void>, deadline: Deadline): Promise<void> {
    if (this.#stopped.has(symbol)) return work();
    const prepare = async (): Promise<readonly BookInput[]> => {
      await work();
      return [];
    };
    await this.#keeperOf(symbol).run(prepare, { deadline });
  }

  /** Brings halts and kill switches that are in force, and what the calendar says, to the books that this process keeps. */
  async align(deadline: Deadline): Promise<void> {
    for (const symbol of this.#keepers.keys()) await this.follow(symbol, deadline);
  }

  /** The same for one book. Throws what is retryable. */
  async follow(symbol: string, deadline: Deadline): Promise<void> {
    if (!this.trades(symbol) && !this.#keepers.has(symbol)) return;
    await this.#unlessStopped(symbol, async () => this.command(symbol, [], deadline));
  }

  /** What had queued with us by that moment was brought here: openings that were due by then wait no longer. */
  admitted(at: Timestamp): void {
    this.#openings.admitted(at);
  }

  /** Books that cannot go on, and why. */
  get stopped(): ReadonlyMap<string, unknown> {
    return this.#stopped;
  }

  /** Whether one of these orders may have asked something of a book that cannot go on. */
  async isHeldUp(hints: readonly Hint[], deadline: Deadline): Promise<boolean> {
    if (this.#stopped.size === 0) return false;
    for (const { symbol, orderId } of hints)
      if (this.#stopped.has(symbol ?? (await this.#symbolOf(orderId, deadline)) ?? '')) return true;
    return false;
  }

  /** Lets stopped books try once more. What their orders asked meanwhile, the sweep brings. */
  async restart(deadline: Deadline): Promise<void> {
    this.#stopped.clear();
    await this.align(deadline);
  }

  /** The book as this process last knew it. */
  book(symbol: string): VenueBook | undefined {
    return this.#keepers.get(symbol)?.book;
  }

  /** Throws only what is retryable. */
  async #unlessStopped(symbol: string, work: () => Promise<void>): Promise<void> {
    const isStopped = this.#stopped.has(symbol);
    if (isStopped && !this.#mayTryAgain(symbol)) return;
    try {
      await work();
      if (isStopped) this.#stopped.delete(symbol);
    } catch (error) {
      if (isRetryable(error)) throw error;
      this.#stopped.set(symbol, error);
      this.#triedAt.set(symbol, this.#options.clock.now());
      if (!isStopped) this.#options.onStopped(symbol, error);
    }
  }

  /** Who has looked tells one process. Where others lead the book too, each finds out by itself. */
  #mayTryAgain(symbol: string): boolean {
    const { books, clock } = this.#options;
    return books.isShared === true && clock.now() - (this.#triedAt.get(symbol) ?? 0) >= stoppedTryUs;
  }

  async #sent(work: () => Promise<void>): Promise<Sent> {
    try {
      await work();
      return 'taken';
    } catch (error) {
      if (isRetryable(error)) return 'unknown';
      throw error;
    }
  }

  async #attendIn(symbol: string, hints: readonly Hint[], deadline: Deadline): Promise<number> {
    if (!(await this.#concerns(symbol, hints, deadline))) return 0;
    let brought = 0;
    const prepare = async (book: VenueBook): Promise<readonly OrderInput[]> => {
      const news = hints.filter(({ orderId, version }) => version > book.takenUpTo(orderId));
      const asked = await Promise.all(
        news.map(async (hint) => {
          const inputs = await this.#inputsOf(hint.orderId, symbol, book, deadline);
          // An order that has gone on since may ask for what is on its way.
          return { inputs, isDue: inputs.some(({ version }) => version === hint.version) };
        }),
      );
      // Again where another process was faster: what it took is not asked any more.
      brought = asked.filter(({ isDue }) => isDue).length;
      return asked.flatMap(({ inputs }) => inputs);
    };
    await this.#run(symbol, prepare, { deadline });
    return brought;
  }

  /** An instrument that does not trade here (any more) has no book to look into, unless our book has spoken of an order. */
  async #concerns(symbol: string, hints: readonly Hint[], deadline: Deadline): Promise<boolean> {
    if (this.trades(symbol) || this.#keepers.has(symbol)) return true;
    const orders = await Promise.all(hints.map(async ({ orderId }) => this.#order(orderId, deadline)));
    return orders.some((order) => order && this.#isOurs(order.at, symbol));
  }

  async #inputsOf(
    orderId: string,
    symbol: string,
    book: VenueBook,
    deadline: Deadline,
  ): Promise<readonly OrderInput[]> {
    const { markets, books } = this.#options;
    if (await books.settlement.isParked(bookStream(symbol), orderId, deadline)) return [];
    const order = await this.#order(orderId, deadline);
    if (!order || !this.#isOurs(order.at, symbol)) return [];
    return inputsFor(order.at, order.version, { stream: bookStream(symbol), at: book }, (accountId) =>
      markets.selfTradePrevention(accountId),
    );
  }

  /** What our book has spoken of stays ours, whatever the config says by now; nothing is that another venue has spoken of. */
  #isOurs(order: Order, symbol: string): boolean {
    if (order.contract.symbol !== symbol) return false;
    if (order.applied[bookStream(symbol)] !== undefined) return true;
    return this.trades(symbol) && !isOfAnotherVenue(order, internalVenue);
  }

  async #order(
    orderId: string,
    deadline: Deadline,
  ): Promise<{ readonly at: Order; readonly version: number } | undefined> {
    try {
      const { state, version } = await this.#options.orders.load(orderStream(orderId), deadline);
      return state.kind === 'order' ? { at: state, version } : undefined;
    } catch (error) {
      if (isRetryable(error)) throw error;
      this.#options.onUnreadable(orderId, error);
      return undefined;
    }
  }

  async #symbolOf(orderId: string, deadline: Deadline): Promise<string | undefined> {
    const order = await this.#order(orderId, deadline);
    return order?.at.contract.symbol;
  }

  async #run(
    symbol: string,
    prepare: (book: VenueBook) => Promise<readonly BookInput[]>,
    { actor, correlationId, deadline }: BookOrigin & { readonly deadline: Deadline },
  ): Promise<void> {
    const { markets } = this.#options;
    const stops = await markets.stops(symbol, deadline);
    if (stops.isHalted) this.#openings.noteHalt(symbol);
    const now = this.#options.clock.now();
    const lead = { markets, openings: this.#openings, now, deadline };
    const led = async (book: VenueBook): Promise<readonly BookInput[]> => [
      ...enforced(book, stops),
      ...dateInputs(book, now),
      ...(await phaseInputs(book, stops, lead)),
      ...(await prepare(book)).map((input) => unlessLate(unlessKilled(input, stops), now)),
    ];
    await this.#keeperOf(symbol).run(led, {
      config: markets.version,
      deadline,
      ...(actor && { actor }),
      ...(correlationId !== undefined && { correlationId }),
    });
  }

  /** Also of an instrument that is not in the config any more: what is in its book can be canceled, and its trades be undone. */
  #keeperOf(symbol: string): BookKeeper {
    const known = this.#keepers.get(symbol);
    if (known) return known;
    const keeper = new BookKeeper(symbol, () => this.#openingOf(symbol), this.#options.books);
    this.#keepers.set(symbol, keeper);
    return keeper;
  }

  #openingOf(symbol: string): Opening | undefined {
    const { markets, clock } = this.#options;
    const rules = markets.rules(symbol);
    return rules && openingFor(rules, { markets, openings: this.#openings, now: clock.now() });
  }
}

/** What must not go on stops before anything else is looked at. */
function enforced(book: VenueBook, stops: MarketStops): readonly MarketInput[] {
  const { isHalted, isKilled, killedAccounts } = stops;
  const inputs: MarketInput[] = [];
  if (isHalted !== book.isHaltedBy('config'))
    inputs.push({ input: isHalted ? 'halt' : 'resume', by: 'config' });
  if (isKilled && book.orderCount > 0) inputs.push({ input: 'mass-cancel', reason: 'kill_switch' });
  for (const accountId of killedAccounts) {
    if (book.worksFor(accountId)) inputs.push({ input: 'mass-cancel', reason: 'kill_switch', accountId });
  }
  return inputs;
}

/** What was placed before its account was stopped, and comes here after it, must not trade. A book that is stopped whole is halted. */
function unlessKilled(input: BookInput, { killedAccounts }: MarketStops): BookInput {
  if (input.input !== 'new' || !killedAccounts.includes(input.accountId)) return input;
  const { orderId, version } = input;
  return { input: 'refuse', orderId, version, text: 'kill_switch' };
}
