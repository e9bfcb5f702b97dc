import { referencePrices } from '../api/reference-prices.ts';
import { apiFunction } from '../lambda/api.ts';
import { withPrices } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.referencePrices, referencePrices, withPrices);
