import { killSwitches } from '../api/kill-switches.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('kill-switches', killSwitches);
