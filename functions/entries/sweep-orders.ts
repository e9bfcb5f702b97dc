import { orderFollowers } from '../lambda/attended/orders.ts';
import { sweepingFunction } from '../lambda/sweeping.ts';
import * as declared from '../manifest/schedules.ts';

export const handler = sweepingFunction(declared.sweepOrders, orderFollowers);
