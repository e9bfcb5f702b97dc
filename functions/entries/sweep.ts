import { listKeepers } from '../lambda/attended/lists.ts';
import { sweepingFunction } from '../lambda/sweeping.ts';
import * as declared from '../manifest/schedules.ts';

export const handler = sweepingFunction(declared.sweep, listKeepers);
