import type { BookUpdate } from '../venue/book-observer.ts';
import type { MarketBoard } from './market-board.ts';

/** More than books say while their streams are read. */
export const waitingMax = 20_000;

/**
 * What books say while their streams are still being read, and is shown after that, but for what was read. When more is said than
 * can be kept, the rest of the reading is not waited for.
 */
export class BoardStart {
  readonly #board: Pick<MarketBoard, 'follow'>;
  readonly #waiting: BookUpdate[] = [];
  readonly #read = new Map<string, number>();
  #isOver = false;
  isStopped = false;

  constructor(board: Pick<MarketBoard, 'follow'>) {
    this.#board = board;
  }

  get isFull(): boolean {
    return this.#waiting.length >= waitingMax;
  }

  follow(update: BookUpdate): void {
    if (this.#isOver) this.#board.follow(update);
    else if (!this.isFull) this.#waiting.push(update);
    else this.end(update);
  }

  /** The book's stream was read up to this version. */
  read(symbol: string, version: number): void {
    this.#read.set(symbol, version);
  }

  end(...last: readonly BookUpdate[]): void {
    this.#isOver = true;
    for (const update of [...this.#waiting.splice(0), ...last])
      if (update.version > (this.#read.get(update.symbol) ?? 0)) this.#board.follow(update);
  }

  stop(): void {
    this.isStopped = true;
  }
}
