import * as z from 'zod/mini';
import type { Descriptions } from './description.ts';
import { accountRoutes } from './routes/account.ts';
import { administrationRoutes } from './routes/administration.ts';
import { configRoutes } from './routes/config.ts';
import { marketDataRoutes } from './routes/market-data.ts';
import { marketRoutes } from './routes/market.ts';
import { operationRoutes } from './routes/operations.ts';
import { orderRoutes } from './routes/orders.ts';
import { surveillanceRoutes } from './routes/surveillance.ts';
import { venueRoutes } from './routes/venue.ts';
import { webhookRoutes } from './routes/webhooks.ts';

/** What every route of the manifest takes and answers. A test says which one is missing. */
export const descriptions: Descriptions = {
  'GET /openapi.json': {
    summary: 'This document',
    answers: { 200: z.record(z.string(), z.unknown()) },
    refusals: [],
  },
  ...orderRoutes,
  ...accountRoutes,
  ...marketRoutes,
  ...marketDataRoutes,
  ...administrationRoutes,
  ...configRoutes,
  ...operationRoutes,
  ...surveillanceRoutes,
  ...venueRoutes,
  ...webhookRoutes,
};
