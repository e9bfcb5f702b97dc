import { config } from '../api/config.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('config', config);
