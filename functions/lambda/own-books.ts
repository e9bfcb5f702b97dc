import { type OwnTrades, ownTradesOf } from '../../platform/venue/undo.ts';
import type { Reach } from '../dependencies.ts';
import { withMarket } from './own-market.ts';
import type { Standing } from './standing.ts';

/** Our own books with all that they take, for whoever undoes one of their trades. */
export function ownTradesIn(
  on: Standing,
  reached: Pick<Reach, 'orders' | 'killSwitch' | 'prices'>,
): OwnTrades {
  return ownTradesOf(withMarket(on, reached).market.venue, on.ground.store);
}
