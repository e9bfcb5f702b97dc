import { transfers } from '../api/transfers.ts';
import { apiFunction } from '../lambda/api.ts';

export const handler = apiFunction('transfers', transfers);
