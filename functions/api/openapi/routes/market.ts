import * as z from 'zod/mini';
import { calendarQuery, calendarSchema } from '../../shapes/calendar-json.ts';
import { assetListQuery, assetSchema, clockSchema } from '../../shapes/market-json.ts';
import { referencePriceBody, referencePriceSchema } from '../../shapes/reference-price-json.ts';
import type { Descriptions } from '../description.ts';

export const marketRoutes: Descriptions = {
  'GET /v2/assets': {
    summary: 'List what can be traded',
    query: assetListQuery,
    answers: { 200: z.array(assetSchema) },
    refusals: [],
  },
  'GET /v2/assets/{symbol_or_asset_id}': {
    summary: 'Read an asset',
    answers: { 200: assetSchema },
    refusals: ['asset_not_found'],
  },
  'GET /v2/calendar': {
    summary: 'List the days on which the market opens',
    query: calendarQuery,
    answers: { 200: calendarSchema },
    refusals: ['not_found'],
  },
  'GET /v2/clock': {
    summary: 'Read whether the market is open, and when it is next',
    answers: { 200: clockSchema },
    refusals: ['not_found'],
  },
  'PUT /v1/instruments/{symbol}/reference-price': {
    summary: 'Say what an instrument is worth',
    body: referencePriceBody,
    idempotencyKey: 'optional',
    answers: { 200: referencePriceSchema },
    refusals: ['asset_not_found', 'price_off_tick', 'idempotency_key_reused'],
  },
  'GET /v1/instruments/{symbol}/reference-price': {
    summary: 'Read what an instrument was last said to be worth',
    answers: { 200: referencePriceSchema },
    refusals: ['asset_not_found', 'reference_price_missing'],
  },
};
