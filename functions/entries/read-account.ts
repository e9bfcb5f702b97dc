import { readAccount } from '../api/read-account.ts';
import { apiFunction } from '../lambda/api.ts';
import { withViews } from '../lambda/parts.ts';

export const handler = apiFunction('read-account', readAccount, withViews);
