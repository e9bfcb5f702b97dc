import { transfers } from '../api/transfers.ts';
import { apiFunction } from '../lambda/api.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.transfers, transfers);
