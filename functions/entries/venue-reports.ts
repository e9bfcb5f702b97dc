import { venueReports } from '../api/venue-reports.ts';
import { apiFunction } from '../lambda/api.ts';
import { withApprovals, withKillSwitch, withOrders, withPrices, withReporting } from '../lambda/parts.ts';
import { withOwnTrades } from '../lambda/own-trades.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.venueReports, venueReports, (on) => {
  const reached = { ...withOrders(on), ...withApprovals(on), ...withKillSwitch(on), ...withPrices(on) };
  return { ...reached, ...withReporting(on, reached), ...withOwnTrades(on, reached) };
});
