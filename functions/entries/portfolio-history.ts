import { portfolioHistory } from '../api/portfolio-history.ts';
import { apiFunction } from '../lambda/api.ts';
import { withViews } from '../lambda/parts.ts';

export const handler = apiFunction('portfolio-history', portfolioHistory, withViews);
