import { composeMarketData } from '../compose-venue.ts';
import { chunksIn } from './parts.ts';
import type { Standing } from './standing.ts';

/** What our own books show. Another process leads them. */
export const withMarketData = ({ surroundings, ground }: Standing) => ({
  marketData: composeMarketData(ground, chunksIn(surroundings)),
});
