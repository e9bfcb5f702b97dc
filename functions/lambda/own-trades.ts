import { isOursIn } from '../../platform/venue/market-rules.ts';
import type { OwnTrades } from '../../platform/venue/undo.ts';
import type { Reach } from '../dependencies.ts';
import { madeOnce } from './made-once.ts';
import type { Standing } from './standing.ts';

/** Trades of our own books, which are loaded when one is undone: that is seldom, and they are an eighth of what a function carries. */
export function withOwnTrades(
  on: Standing,
  reached: Pick<Reach, 'orders' | 'killSwitch' | 'prices'>,
): { readonly ownTrades: OwnTrades } {
  const { config } = on.ground;
  const loaded = madeOnce(async () => {
    const { ownTradesIn } = await import('./own-books.ts');
    return ownTradesIn(on, reached);
  });
  return {
    ownTrades: {
      isOurs: (symbol) => isOursIn(config.current().config, symbol),
      undo: async (trade, context) => (await loaded()).undo(trade, context),
    },
  };
}
