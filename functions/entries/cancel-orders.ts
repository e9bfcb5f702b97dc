import { cancelOrders } from '../api/cancel-orders.ts';
import { apiFunction } from '../lambda/api.ts';
import { withViews } from '../lambda/parts.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.cancelOrders, cancelOrders, withViews);
