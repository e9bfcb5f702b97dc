import { deadlineIn, longestCallMs } from '../../platform/deadline/deadline.ts';
import { rebuild } from '../../platform/market-data/rebuild.ts';
import type { Dependencies } from '../../functions/dependencies.ts';

/** How late a bar may be told. */
const closeEveryMs = 1_000;

/** Lets the board follow the books of this process, from what their streams hold on. Before the market goes on. */
export async function startMarketData(
  { market, marketBoard: board, config, store, clock }: Dependencies,
  running: AsyncDisposableStack,
  onUnread: (symbol: string, error: unknown) => void,
): Promise<void> {
  if (!market || !board) return;
  for (const { entry, rules } of config.current().config.instruments) {
    if (!market.venue.trades(entry.symbol)) continue;
    try {
      await rebuild(board, store, rules.contract, deadlineIn(longestCallMs, clock));
    } catch (error) {
      // Trading does not wait for what only shows it: the board begins with the next commit of this book.
      onUnread(entry.symbol, error);
    }
  }
  board.closeBars(clock.now(), false);
  running.defer(market.observers.observe(board.follow));
  const timer = setInterval(() => board.closeBars(clock.now()), closeEveryMs);
  timer.unref();
  running.defer(() => clearInterval(timer));
}
