import { deliveryFunction } from '../lambda/deliveries.ts';
import { marketDelivery } from '../lambda/market.ts';
import { withMarket } from '../lambda/parts.ts';

export const handler = deliveryFunction('venue', marketDelivery, withMarket);
