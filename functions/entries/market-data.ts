import { marketData } from '../api/market-data.ts';
import { apiFunction } from '../lambda/api.ts';
import * as declared from '../manifest/trading.ts';

/** What books show of themselves stays in the process that leads them, which is another one. */
export const handler = apiFunction(declared.marketData, marketData, () => ({
  market: undefined,
  marketBoard: undefined,
}));
