import { killSwitches } from '../api/kill-switches.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccounts, withApprovals, withKillSwitch } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.killSwitches, killSwitches, (on) => ({
  ...withAccounts(on),
  ...withApprovals(on),
  ...withKillSwitch(on),
}));
