import { transfers } from '../api/transfers.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccounts, withApprovals, withTransfers } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.transfers, transfers, (on) => ({
  ...withAccounts(on),
  ...withTransfers(on),
  ...withApprovals(on),
}));
