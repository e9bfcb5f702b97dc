import { cancelOrders } from '../api/cancel-orders.ts';
import { apiFunction } from '../lambda/api.ts';
import { withViews } from '../lambda/parts.ts';

export const handler = apiFunction('cancel-orders', cancelOrders, withViews);
