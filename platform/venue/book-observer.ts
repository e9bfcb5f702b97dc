import type { Timestamp } from '../../domain/values/time.ts';
import type { BookOutput } from '../../domain/venue/book-output.ts';
import type { Phase } from '../../domain/venue/phase.ts';
import type { TopOfBook, VenueBook } from '../../domain/venue/venue-book.ts';
import type { Commit } from '../event-store/port.ts';

export interface BookTrade {
  readonly price: number;
  readonly quantity: number;
  /** Whose order took liquidity; absent in an auction. */
  readonly aggressor?: 'buy' | 'sell';
  /** With the version, names the trade for ever. */
  readonly index: number;
}

/** A book after one of its commits became durable. Prices in ticks, quantities in lots of the book's contract. */
export interface BookUpdate {
  readonly symbol: string;
  readonly contract: VenueBook['contract'];
  readonly version: number;
  readonly at: Timestamp;
  readonly bid?: TopOfBook;
  readonly ask?: TopOfBook;
  readonly trades: readonly BookTrade[];
  readonly phase: Phase;
  readonly isHalted: boolean;
}

/** Must not throw, and must not keep the caller: the market waits for it. */
export type BookListener = (update: BookUpdate) => void;

/** Who watches the books of this process. Costs nothing while nobody does. */
export class BookObservers {
  readonly #listeners = new Set<BookListener>();

  /** Returns how to stop. */
  observe(listener: BookListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(commit: Commit, book: VenueBook, outputs: readonly BookOutput[]): void {
    if (this.#listeners.size === 0) return;
    const update: BookUpdate = {
      symbol: book.contract.symbol,
      contract: book.contract,
      version: commit.version,
      at: commit.at,
      ...book.top(),
      trades: tradesIn(outputs),
      phase: book.phase,
      isHalted: book.isHalted,
    };
    for (const listener of this.#listeners) listener(update);
  }
}

/** The trades among what a commit of a book says. */
export function tradesIn(outputs: readonly BookOutput[]): readonly BookTrade[] {
  return outputs.flatMap(tradeIn);
}

function tradeIn(output: BookOutput, index: number): readonly BookTrade[] {
  if (output.output !== 'trade') return [];
  const { price, quantity, aggressor } = output;
  return [{ price, quantity, index, ...(aggressor && { aggressor }) }];
}
