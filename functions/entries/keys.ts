import { keys } from '../api/keys.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('keys', keys);
