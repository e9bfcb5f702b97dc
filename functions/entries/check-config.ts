import { checkConfigToCome } from '../consumers/check-config.ts';

/** Needs nothing but what it is given: no table, no secret, and not the config in force, which this one is to replace. */
export const handler = checkConfigToCome;
