import { replaceOrder } from '../api/replace-order.ts';
import { apiFunction } from '../lambda/api.ts';
import { withKillSwitch, withOrders, withPrices } from '../lambda/parts.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.replaceOrder, replaceOrder, (on) => ({
  ...withOrders(on),
  ...withKillSwitch(on),
  ...withPrices(on),
}));
