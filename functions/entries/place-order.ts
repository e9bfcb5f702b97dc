import { placeOrder } from '../api/place-order.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('place-order', placeOrder);
