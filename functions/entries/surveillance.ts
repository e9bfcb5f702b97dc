import { surveillance } from '../api/surveillance.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccounts, withApprovals, withBreaches, withKillSwitch } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.surveillance, surveillance, (on) => ({
  ...withAccounts(on),
  ...withApprovals(on),
  ...withKillSwitch(on),
  ...withBreaches(on),
}));
