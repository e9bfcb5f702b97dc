import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { OwnVenue } from '../venue/own-venue.ts';
import type { MarketBoard, MarketQuote, MarketTrade, MinuteBar } from './market-board.ts';
import type { MarketData } from './port.ts';

/** Market data in the process that leads the books: the board has followed them. */
export class LedBooks implements MarketData {
  readonly #board: MarketBoard;
  readonly #venue: Pick<OwnVenue, 'trades' | 'command' | 'book'>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(
    board: MarketBoard,
    venue: Pick<OwnVenue, 'trades' | 'command' | 'book'>,
    clock: Pick<Clock, 'now'>,
  ) {
    this.#board = board;
    this.#venue = venue;
    this.#clock = clock;
  }

  async trade(symbol: string): Promise<MarketTrade | undefined> {
    return this.#board.trade(symbol);
  }

  /** A book that nothing has happened in since the start is opened for who asks. */
  async quote(symbol: string, deadline: Deadline): Promise<MarketQuote | undefined> {
    const quote = this.#board.quote(symbol);
    if (quote || !this.#venue.trades(symbol)) return quote;
    await this.#venue.command(symbol, [], deadline);
    const book = this.#venue.book(symbol);
    return book && { symbol, contract: book.contract, at: this.#clock.now(), ...book.top() };
  }

  async bars(symbol: string): Promise<readonly MinuteBar[]> {
    return this.#board.bars(symbol);
  }
}
