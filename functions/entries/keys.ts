import { keys } from '../api/keys.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccounts } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.keys, keys, withAccounts);
