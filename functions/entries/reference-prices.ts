import { referencePrices } from '../api/reference-prices.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('reference-prices', referencePrices);
