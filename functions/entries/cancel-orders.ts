import { cancelOrders } from '../api/cancel-orders.ts';
import { apiFunction } from '../lambda/api.ts';
import { withOrders, withViews } from '../lambda/parts.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.cancelOrders, cancelOrders, (on) => ({
  ...withOrders(on),
  ...withViews(on),
}));
