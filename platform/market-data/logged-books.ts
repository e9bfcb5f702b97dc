import { bookStream } from '../../domain/venue/book-output.ts';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import { type BookAtVersion, type BookLog, replay } from '../venue/book-log.ts';
import { MarketBoard, type MarketQuote, type MarketTrade, type MinuteBar } from './market-board.ts';
import type { MarketData } from './port.ts';
import { rebuild, recall } from './rebuild.ts';

export interface LoggedBooksOptions {
  readonly log: Pick<BookLog, 'load'>;
  readonly store: Pick<EventStore, 'read' | 'readOne' | 'readTail'>;
  readonly clock: Clock;
  /** Whether an instrument trades in a book of our own. */
  readonly isOurs: (symbol: string) => boolean;
}

/** What is asked again so soon is not read again. */
const freshMs = 250;

/** One book, as far as its stream was read. */
interface Followed {
  readonly symbol: string;
  readonly book: BookAtVersion;
  /** The version up to which the board has its trades: at first the book may be further. */
  traded: number;
  readMs: number;
}

/**
 * Market data where another process leads the books: made of their streams, each read on from where it was read last, and never written.
 * What was answered before is in what is asked for a quarter of a second later.
 */
export class LoggedBooks implements MarketData {
  readonly #options: LoggedBooksOptions;
  readonly #board = new MarketBoard();
  readonly #followed = new Map<string, Followed>();
  readonly #reading = new Map<string, Promise<Followed | undefined>>();

  constructor(options: LoggedBooksOptions) {
    this.#options = options;
  }

  async trade(symbol: string, deadline: Deadline): Promise<MarketTrade | undefined> {
    await this.#read(symbol, deadline);
    return this.#board.trade(symbol);
  }

  async quote(symbol: string, deadline: Deadline): Promise<MarketQuote | undefined> {
    const { book, last } = (await this.#read(symbol, deadline))?.book ?? {};
    return book && last && { symbol, contract: book.contract, at: last.at, ...book.top() };
  }

  async bars(symbol: string, deadline: Deadline): Promise<readonly MinuteBar[]> {
    await this.#read(symbol, deadline);
    return this.#board.bars(symbol);
  }

  /** Whoever asks while it is read waits for that. Undefined: it trades elsewhere. */
  async #read(symbol: string, deadline: Deadline): Promise<Followed | undefined> {
    const underWay = this.#reading.get(symbol);
    if (underWay) return underWay;
    const reading = this.#upToDate(symbol, deadline);
    this.#reading.set(symbol, reading);
    try {
      return await reading;
    } finally {
      this.#reading.delete(symbol);
    }
  }

  async #upToDate(symbol: string, deadline: Deadline): Promise<Followed | undefined> {
    const { clock, store } = this.#options;
    const followed = this.#followed.get(symbol) ?? (await this.#begin(symbol, deadline));
    if (!followed || clock.monotonicMs() - followed.readMs < freshMs) return followed;
    const readMs = clock.monotonicMs();
    const commits = await store.read(bookStream(symbol), followed.traded + 1, deadline);
    try {
      this.#take(followed, commits);
    } catch (error) {
      // Half of it was taken: the next time it is read anew.
      this.#followed.delete(symbol);
      this.#board.forget(symbol);
      throw error;
    }
    followed.readMs = readMs;
    return followed;
  }

  /** Trades and bars as far back as a start of a cell looks, and the book as it is. */
  async #begin(symbol: string, deadline: Deadline): Promise<Followed | undefined> {
    const { log, store, clock, isOurs } = this.#options;
    if (!isOurs(symbol)) return undefined;
    this.#board.forget(symbol);
    const traded = await rebuild({ board: this.#board, store, clock }, symbol, deadline);
    const book = await log.load(bookStream(symbol), deadline);
    const followed = { symbol, book, traded, readMs: Number.NEGATIVE_INFINITY };
    this.#followed.set(symbol, followed);
    return followed;
  }

  #take(followed: Followed, commits: readonly Commit[]): void {
    const { symbol, book } = followed;
    const known = book.last?.version ?? 0;
    const later = commits.filter(({ version }) => version > known);
    replay(bookStream(symbol), book, later);
    for (const commit of commits) {
      if (book.book) recall(this.#board, book.book.contract, commit);
      followed.traded = commit.version;
    }
  }
}
