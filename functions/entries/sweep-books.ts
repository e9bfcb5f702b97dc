import { bookKeepers } from '../lambda/attended/books.ts';
import { sweepingFunction } from '../lambda/sweeping.ts';
import * as declared from '../manifest/schedules.ts';

export const handler = sweepingFunction(declared.sweepBooks, bookKeepers);
