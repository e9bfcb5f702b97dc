import { accountStatus } from '../api/account-status.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('account-status', accountStatus);
