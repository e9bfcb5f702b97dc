import { venueReports } from '../api/venue-reports.ts';
import { apiFunction } from '../lambda/api.ts';
import { withMarket } from '../lambda/parts.ts';
import * as declared from '../manifest/administration.ts';

export const handler = apiFunction(declared.venueReports, venueReports, withMarket);
