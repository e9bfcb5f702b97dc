import { readMarket } from '../api/read-market.ts';
import { apiFunction, nothingMore } from '../lambda/api.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.readMarket, readMarket, nothingMore);
