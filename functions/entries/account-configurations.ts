import { accountConfigurations } from '../api/account-configurations.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('account-configurations', accountConfigurations);
