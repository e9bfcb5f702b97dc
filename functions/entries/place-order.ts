import { placeOrder } from '../api/place-order.ts';
import { apiFunction } from '../lambda/api.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.placeOrder, placeOrder);
