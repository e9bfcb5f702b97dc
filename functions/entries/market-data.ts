import { marketData } from '../api/market-data.ts';
import { apiFunction } from '../lambda/api.ts';
import { withMarketData } from '../lambda/market-data.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.marketData, marketData, withMarketData);
