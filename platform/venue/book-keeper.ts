import type { BatchMatched, BookEvent, BookOpened } from '../../domain/venue/book-events.ts';
import type { BookInput } from '../../domain/venue/book-input.ts';
import { bookStream, type BookOutput } from '../../domain/venue/book-output.ts';
import type { VenueBook } from '../../domain/venue/venue-book.ts';
import { assert } from '../../domain/values/assert.ts';
import { type Deadline, unhurried } from '../deadline/deadline.ts';
import { VersionConflict } from '../event-store/errors.ts';
import type { Commit } from '../event-store/port.ts';
import { type BookAtVersion, type BookLog, firstOutputs, opened } from './book-log.ts';
import type { BookObservers } from './book-observer.ts';
import type { BookSnapshots } from './book-snapshots.ts';
import type { Settlement } from './settlement.ts';

export interface BookKeeperLimits {
  /** Inputs in one commit, and outputs: with the longest there are, within what a commit may hold. */
  readonly inputsMax: number;
  readonly outputsMax: number;
  /** A snapshot is due after so many inputs, and not before as many as a quarter of what it would hold. */
  readonly snapshotEvery: number;
  /** How often another owner may be faster before the caller is told to try again. */
  readonly attemptsMax: number;
}

export const bookKeeperLimits: BookKeeperLimits = {
  inputsMax: 64,
  outputsMax: 400,
  snapshotEvery: 2_000,
  attemptsMax: 4,
};

export interface BookKeeperOptions {
  readonly log: BookLog;
  readonly snapshots: BookSnapshots;
  readonly settlement: Settlement;
  readonly observers: BookObservers;
  /** Other processes write to the same books. */
  readonly isShared?: boolean;
  readonly limits?: Partial<BookKeeperLimits>;
}

/** How a book begins that has no stream yet; undefined for an instrument that is not traded any more. */
export type Opening = BookOpened['data'];
export type OpeningNow = () => Opening | undefined;

/** What there is to do, worked out on the book as it is once all it has said is in its orders. */
export type Prepare = (book: VenueBook) => Promise<readonly BookInput[]>;

/** Who asks, where it is not the orders themselves. */
export type BookOrigin = Partial<Pick<Commit, 'actor' | 'correlationId'>>;

export interface BookCall extends BookOrigin {
  readonly config?: string;
  readonly deadline: Deadline;
}

/** Somebody else has written to the book: what was worked out on the one known here counts for nothing. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/**
 * The owner of one book in this process. One call at a time: bring what was said into the orders, see what there is to do, write it,
 * bring that into the orders. New inputs are only taken once every output before them is in its order (or parked), so an order that is
 * read then says by itself what the book has done for it. Two owners of one book are harmless: the second to write finds the other's
 * commit in its place, and begins again from the log.
 */
export class BookKeeper {
  readonly #options: BookKeeperOptions;
  readonly #limits: BookKeeperLimits;
  readonly #symbol: string;
  readonly #stream: string;
  readonly #openingNow: OpeningNow;
  /** How the book begins with its first commit. */
  #opening: Opening | undefined;
  #known: BookAtVersion | undefined;
  /** Something was made of the book that may or may not be in its log. */
  #isUncertain = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(symbol: string, openingNow: OpeningNow, options: BookKeeperOptions) {
    this.#options = options;
    this.#limits = { ...bookKeeperLimits, ...options.limits };
    this.#symbol = symbol;
    this.#stream = bookStream(symbol);
    this.#openingNow = openingNow;
  }

  /** The book as this process last knew it; undefined until it was needed. */
  get book(): VenueBook | undefined {
    return this.#known?.book;
  }

  /** The version of the book's stream as this process last knew it. */
  get version(): number {
    return this.#known?.last?.version ?? 0;
  }

  /** Resolves once what `prepare` found is done and every order has been told. Throws what is retryable: then all of it again. */
  async run(prepare: Prepare, call: BookCall): Promise<void> {
    const turn = this.#turn.then(
      () => this.#attempts(prepare, call),
      () => this.#attempts(prepare, call),
    );
    this.#turn = turn;
    await turn;
  }

  async #attempts(prepare: Prepare, call: BookCall): Promise<void> {
    for (let attempt = 1; attempt <= this.#limits.attemptsMax; attempt += 1) {
      try {
        await this.#attempt(prepare, call);
        return;
      } catch (error) {
        if (this.#isUncertain) this.#known = undefined;
        this.#isUncertain = false;
        if (!(error instanceof Overtaken)) throw error;
      }
    }
    throw new VersionConflict(this.#stream, this.version, this.#limits.attemptsMax);
  }

  async #attempt(prepare: Prepare, call: BookCall): Promise<void> {
    const at = await this.#bookNow(call.deadline);
    if (!at.last) this.#begin(at);
    if (!at.book) return;
    await this.#sayAll(at, call);
    const inputs = await this.#prepared(at, prepare, call);
    for (let from = 0; from < inputs.length; ) from += await this.#batch(at, inputs.slice(from), call);
    if (inputs.length > 0) await this.#snapshotIfDue(at, call);
  }

  /** Where others lead the book too, one of them may have begun it meanwhile. */
  async #bookNow(deadline: Deadline): Promise<BookAtVersion> {
    const mayBeOld = this.#options.isShared === true && !this.#known?.last;
    if (!this.#known || mayBeOld) this.#known = await this.#load(deadline);
    return this.#known;
  }

  /**
   * Who has something to write meets what others wrote in its place. Who has nothing would never know of it, nor tell the orders what a
   * process that died over it has not.
   */
  async #prepared(at: BookAtVersion, prepare: Prepare, call: BookCall): Promise<readonly BookInput[]> {
    const inputs = await prepare(bookOf(at));
    if (inputs.length > 0 || this.#options.isShared !== true) return inputs;
    this.#isUncertain = true;
    const isNews = await this.#options.log.catchUp(this.#stream, at, call.deadline);
    this.#isUncertain = false;
    if (!isNews) return inputs;
    await this.#options.settlement.learn(call.deadline);
    await this.#sayAll(at, call);
    return prepare(bookOf(at));
  }

  /** Asked each time until it is on record: the calendar goes on, and the units may be others by then. */
  #begin(at: BookAtVersion): void {
    this.#opening = this.#openingNow();
    at.book = this.#opening && opened(this.#opening);
  }

  async #load(deadline: Deadline): Promise<BookAtVersion> {
    const at = await this.#options.log.load(this.#stream, deadline);
    await this.#options.settlement.learn(deadline);
    return at;
  }

  /** What the inputs in the log have made is written down whole, and brought into the orders. */
  async #sayAll(at: BookAtVersion, call: BookCall): Promise<void> {
    while (at.owed.length > 0) {
      const outputs = firstOutputs(at.owed, this.#limits.outputsMax);
      this.#isUncertain = true;
      at.owed = at.owed.slice(outputs.length);
      await this.#write(at, { inputs: [], outputs, ...owing(at.owed) }, call);
    }
    // Batch by batch: where time runs out, the next call goes on from here.
    for (let batch = at.unsettled[0]; batch; batch = at.unsettled[0]) {
      await this.#options.settlement.settle(this.#symbol, [batch], call.deadline);
      at.unsettled.shift();
    }
  }

  /** Takes as many inputs as one commit holds, at least one; gives how many. */
  async #batch(at: BookAtVersion, inputs: readonly BookInput[], call: BookCall): Promise<number> {
    const { inputsMax, outputsMax } = this.#limits;
    const book = bookOf(at);
    const made: BookOutput[] = [];
    let taken = 0;
    this.#isUncertain = true;
    book.begin();
    for (const input of inputs.slice(0, inputsMax)) {
      made.push(...book.take(input));
      taken += 1;
      if (made.length >= outputsMax) break;
    }
    const outputs = firstOutputs(made, outputsMax);
    at.owed = made.slice(outputs.length);
    at.inputsSince += taken;
    await this.#write(at, { inputs: inputs.slice(0, taken), outputs, ...owing(at.owed) }, call);
    await this.#sayAll(at, call);
    return taken;
  }

  async #write(at: BookAtVersion, data: BatchMatched['data'], call: BookCall): Promise<void> {
    const matched: BookEvent = { type: 'BatchMatched', schema: 1, data };
    const commit = await this.#append(at, at.last ? [matched] : [this.#opened(), matched], call);
    at.unsettled.push({ commit, outputs: data.outputs });
    if (at.book) this.#options.observers.tell(commit, at.book, data.outputs);
  }

  #opened(): BookEvent {
    assert(this.#opening !== undefined, 'a book begins as it was opened');
    return { type: 'BookOpened', schema: 1, data: this.#opening };
  }

  async #append(at: BookAtVersion, events: readonly [BookEvent, ...BookEvent[]], call: BookCall) {
    this.#isUncertain = true;
    const { result, commit } = await this.#options.log.append(this.#stream, at.last, events, call);
    if (result.outcome === 'conflict') throw new Overtaken(`${this.#stream} went on without us`);
    assert(result.outcome !== 'refused', 'a commit of a book changes no items');
    at.last = commit;
    this.#isUncertain = false;
    return commit;
  }

  /**
   * The newer one is committed before the older goes. Nobody trades here meanwhile: how rarely depends on how long it takes, which may be
   * longer than the caller of the moment has.
   */
  async #snapshotIfDue(at: BookAtVersion, call: BookCall): Promise<void> {
    const { book, last, snapshot: before, inputsSince } = at;
    if (!book || !last || inputsSince < Math.max(this.#limits.snapshotEvery, book.orderCount / 4)) return;
    const { snapshots } = this.#options;
    const reference = await snapshots.write(this.#stream, last.version, book, unhurried);
    await this.#append(at, [{ type: 'SnapshotTaken', schema: 1, data: reference }], call);
    at.snapshot = reference;
    at.inputsSince = 0;
    if (before) await snapshots.remove(this.#stream, before, unhurried);
  }
}

function bookOf({ book }: BookAtVersion): VenueBook {
  assert(book !== undefined, 'a book is open when it takes inputs');
  return book;
}

function owing(owed: readonly BookOutput[]): { readonly owed?: number } {
  return owed.length > 0 ? { owed: owed.length } : {};
}
