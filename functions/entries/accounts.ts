import { accounts } from '../api/accounts.ts';
import { apiFunction } from '../lambda/api.ts';
import { withViews } from '../lambda/parts.ts';

export const handler = apiFunction('accounts', accounts, withViews);
