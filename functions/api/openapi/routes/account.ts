import * as z from 'zod/mini';
import { activitySchema } from '../../shapes/activity-json.ts';
import { activitiesOfTypeQuery, activitiesQuery } from '../../shapes/activity-query.ts';
import { accountSchema } from '../../shapes/account-json.ts';
import { asOfQuery } from '../../shapes/as-of.ts';
import { configurationBody, configurationSchema } from '../../shapes/configuration-json.ts';
import { portfolioSchema } from '../../shapes/portfolio-json.ts';
import { portfolioQuery } from '../../shapes/portfolio-query.ts';
import { positionSchema } from '../../shapes/position-json.ts';
import {
  closedPositionsSchema,
  closePositionQuery,
  closePositionsQuery,
} from '../../shapes/close-position-json.ts';
import { orderSchema } from '../../shapes/order-json.ts';
import type { Descriptions } from '../description.ts';
import { tradingRefusals } from '../refusals.ts';

export const accountRoutes: Descriptions = {
  'GET /v2/account': {
    summary: 'Read the account, now or as of a moment',
    query: asOfQuery,
    answers: { 200: accountSchema },
    refusals: ['account_not_found', 'history_too_large'],
  },
  'GET /v2/account/configurations': {
    summary: 'Read what the owner of the account decided about it',
    answers: { 200: configurationSchema },
    refusals: ['account_not_found'],
  },
  'PATCH /v2/account/configurations': {
    summary: 'Configure the account',
    body: configurationBody,
    bodyMayBeLeftOut: true,
    idempotencyKey: 'optional',
    answers: { 200: configurationSchema },
    refusals: ['account_not_found', 'account_closed', 'idempotency_key_reused'],
  },
  'GET /v2/account/activities': {
    summary: 'List what moved the cash and shares of the account',
    query: activitiesQuery,
    answers: { 200: z.array(activitySchema) },
    refusals: [],
  },
  'GET /v2/account/activities/{activity_type}': {
    summary: 'List what moved the cash and shares of the account, of one type',
    query: activitiesOfTypeQuery,
    answers: { 200: z.array(activitySchema) },
    refusals: [],
  },
  'GET /v2/account/portfolio/history': {
    summary: 'Read how the equity of the account came about',
    query: portfolioQuery,
    answers: { 200: portfolioSchema },
    refusals: ['account_not_found', 'history_too_large'],
  },
  'GET /v2/positions': {
    summary: 'List the positions of the account, now or as of a moment',
    query: asOfQuery,
    answers: { 200: z.array(positionSchema) },
    refusals: ['account_not_found', 'history_too_large'],
  },
  'GET /v2/positions/{symbol_or_asset_id}': {
    summary: 'Read a position, now or as of a moment',
    query: asOfQuery,
    answers: { 200: positionSchema },
    refusals: ['position_not_found', 'account_not_found', 'history_too_large'],
  },
  'DELETE /v2/positions/{symbol_or_asset_id}': {
    summary: 'Sell a position, or a part of it, at the market',
    query: closePositionQuery,
    idempotencyKey: 'optional',
    answers: { 200: orderSchema },
    refusals: [...tradingRefusals, 'position_not_found', 'idempotency_key_reused'],
  },
  'DELETE /v2/positions': {
    summary: 'Sell every position at the market',
    query: closePositionsQuery,
    idempotencyKey: 'optional',
    answers: { 207: closedPositionsSchema },
    refusals: ['account_closed', 'idempotency_key_reused'],
  },
};
