import { closePositions } from '../api/close-positions.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccounts, withKillSwitch, withOrders, withPrices, withViews } from '../lambda/parts.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.closePositions, closePositions, (on) => ({
  ...withOrders(on),
  ...withAccounts(on),
  ...withKillSwitch(on),
  ...withPrices(on),
  ...withViews(on),
}));
