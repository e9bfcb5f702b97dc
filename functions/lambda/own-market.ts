import type { OwnMarket } from '../../platform/venue/own-market.ts';
import { composeMarket } from '../compose-venue.ts';
import type { Reach } from '../dependencies.ts';
import { chunksIn, parkingIn } from './parts.ts';
import type { Standing } from './standing.ts';

/** Our own books. */
export function withMarket(
  { surroundings, ground }: Standing,
  reached: Pick<Reach, 'orders' | 'killSwitch' | 'prices'>,
): { readonly market: OwnMarket } {
  const dependencies = { ...ground, ...reached };
  const parking = parkingIn(surroundings);
  const chunks = chunksIn(surroundings);
  return { market: composeMarket({ dependencies, chunks, parking, isShared: true }) };
}
