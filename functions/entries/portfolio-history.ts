import { portfolioHistory } from '../api/portfolio-history.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccounts, withPrices, withViews } from '../lambda/parts.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.portfolioHistory, portfolioHistory, (on) => ({
  ...withAccounts(on),
  ...withPrices(on),
  ...withViews(on),
}));
