import { placeOrder } from '../api/place-order.ts';
import { apiFunction } from '../lambda/api.ts';
import { withKillSwitch, withOrders, withPrices } from '../lambda/parts.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.placeOrder, placeOrder, (on) => ({
  ...withOrders(on),
  ...withKillSwitch(on),
  ...withPrices(on),
}));
