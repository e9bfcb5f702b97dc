import { readOrders } from '../api/read-orders.ts';
import { apiFunction } from '../lambda/api.ts';
import { withViews } from '../lambda/parts.ts';

export const handler = apiFunction('read-orders', readOrders, withViews);
