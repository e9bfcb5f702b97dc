import { readOrders } from '../api/read-orders.ts';
import { apiFunction } from '../lambda/api.ts';
import { withOrders, withViews } from '../lambda/parts.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.readOrders, readOrders, (on) => ({
  ...withOrders(on),
  ...withViews(on),
}));
