import { deliveryFunction } from '../lambda/deliveries.ts';
import { marketDelivery } from '../lambda/market.ts';
import * as declared from '../manifest/consumers.ts';

export const handler = deliveryFunction(declared.venue, marketDelivery);
