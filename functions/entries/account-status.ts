import { accountStatus } from '../api/account-status.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccounts, withApprovals } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.accountStatus, accountStatus, (on) => ({
  ...withAccounts(on),
  ...withApprovals(on),
}));
