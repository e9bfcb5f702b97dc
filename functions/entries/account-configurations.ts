import { accountConfigurations } from '../api/account-configurations.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccounts } from '../lambda/parts.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.accountConfigurations, accountConfigurations, withAccounts);
