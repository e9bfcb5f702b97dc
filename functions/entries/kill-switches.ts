import { killSwitches } from '../api/kill-switches.ts';
import { apiFunction } from '../lambda/api.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.killSwitches, killSwitches);
