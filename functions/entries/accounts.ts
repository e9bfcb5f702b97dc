import { accounts } from '../api/accounts.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccounts, withPrices, withViews } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.accounts, accounts, (on) => ({
  ...withAccounts(on),
  ...withPrices(on),
  ...withViews(on),
}));
