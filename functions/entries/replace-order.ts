import { replaceOrder } from '../api/replace-order.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('replace-order', replaceOrder);
