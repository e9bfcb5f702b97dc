import { readMarket } from '../api/read-market.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('read-market', readMarket);
