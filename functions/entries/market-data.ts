import { marketData } from '../api/market-data.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('market-data', marketData);
