import { accounts } from '../api/accounts.ts';
import { apiFunction } from '../lambda/api.ts';
import { withViews } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.accounts, accounts, withViews);
