import type { Dependencies } from '../../functions/dependencies.ts';
import { deadlineIn, longestCallMs } from '../../platform/deadline/deadline.ts';
import type { MarketBoard } from '../../platform/market-data/market-board.ts';
import { rebuild } from '../../platform/market-data/rebuild.ts';
import type { BookUpdate } from '../../platform/venue/book-observer.ts';

/** How late a bar may be told. */
const closeEveryMs = 1_000;
/** More than books say while their streams are read; then what is not read yet is left out. */
const waitingMax = 20_000;

/**
 * Lets the board follow the books of this process, from what their streams hold on. Before the market goes on, which does not wait
 * for what only shows it.
 */
export function startMarketData(
  dependencies: Dependencies,
  running: AsyncDisposableStack,
  onUnread: (symbol: string, error: unknown) => void,
): void {
  const { market, marketBoard: board } = dependencies;
  if (!market || !board) return;
  const start = new BoardStart(board);
  running.defer(market.observers.observe((update) => start.follow(update)));
  const begun = begin(dependencies, { board, start, onUnread });
  running.defer(async () => {
    start.stop();
    clearInterval(await begun);
  });
}

/** Never throws. */
async function begin(
  dependencies: Dependencies,
  { board, start, onUnread }: Follow,
): Promise<NodeJS.Timeout | undefined> {
  const { clock } = dependencies;
  await readBooks(dependencies, { board, start, onUnread });
  board.closeBars(clock.now(), false);
  start.end();
  if (start.isStopped) return undefined;
  return setInterval(() => board.closeBars(clock.now()), closeEveryMs).unref();
}

interface Follow {
  readonly board: MarketBoard;
  readonly start: BoardStart;
  readonly onUnread: (symbol: string, error: unknown) => void;
}

async function readBooks(
  { market, config, store, clock }: Dependencies,
  { board, start, onUnread }: Follow,
): Promise<void> {
  for (const { entry, rules } of config.current().config.instruments) {
    if (start.isStopped || start.isFull) return;
    if (!market?.venue.trades(entry.symbol)) continue;
    try {
      const parts = { board, store, clock };
      start.read(entry.symbol, await rebuild(parts, rules.contract, deadlineIn(longestCallMs, clock)));
    } catch (error) {
      // The board begins with the next commit of this book.
      onUnread(entry.symbol, error);
    }
  }
}

/** What books say while their streams are still being read, and is shown after that. */
class BoardStart {
  readonly #board: MarketBoard;
  readonly #waiting: BookUpdate[] = [];
  readonly #read = new Map<string, number>();
  #isOver = false;
  isStopped = false;

  constructor(board: MarketBoard) {
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
