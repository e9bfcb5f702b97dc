import { venueReports } from '../api/venue-reports.ts';
import { apiFunction } from '../lambda/api.ts';
import { withMarket } from '../lambda/parts.ts';

export const handler = apiFunction('venue-reports', venueReports, withMarket);
