import { readAccount } from '../api/read-account.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccounts, withPrices, withViews } from '../lambda/parts.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.readAccount, readAccount, (on) => ({
  ...withAccounts(on),
  ...withPrices(on),
  ...withViews(on),
}));
