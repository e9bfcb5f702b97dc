import type { Dependencies } from '../../functions/dependencies.ts';
import { deadlineIn, longestCallMs } from '../../platform/deadline/deadline.ts';
import { BoardStart } from '../../platform/market-data/board-start.ts';
import type { MarketBoard } from '../../platform/market-data/market-board.ts';
import { rebuild } from '../../platform/market-data/rebuild.ts';

/** How late a bar may be told. */
const closeEveryMs = 1_000;

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
  for (const { entry } of config.current().config.instruments) {
    if (start.isStopped || start.isFull) return;
    if (!market?.venue.trades(entry.symbol)) continue;
    try {
      const parts = { board, store, clock };
      start.read(entry.symbol, await rebuild(parts, entry.symbol, deadlineIn(longestCallMs, clock)));
    } catch (error) {
      // The board begins with the next commit of this book.
      onUnread(entry.symbol, error);
    }
  }
}
