import { approvals } from '../api/approvals.ts';
import { apiFunction } from '../lambda/api.ts';
import {
  withAccounts,
  withApprovals,
  withKillSwitch,
  withOrders,
  withPrices,
  withReporting,
  withTransfers,
} from '../lambda/parts.ts';
import { withOwnTrades } from '../lambda/own-trades.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.approvals, approvals, (on) => {
  const reached = {
    ...withOrders(on),
    ...withAccounts(on),
    ...withTransfers(on),
    ...withApprovals(on),
    ...withKillSwitch(on),
    ...withPrices(on),
  };
  return { ...reached, ...withReporting(on, reached), ...withOwnTrades(on, reached) };
});
