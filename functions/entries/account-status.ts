import { accountStatus } from '../api/account-status.ts';
import { apiFunction } from '../lambda/api.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.accountStatus, accountStatus);
