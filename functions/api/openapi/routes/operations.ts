import * as z from 'zod/mini';
import { askedSchema } from '../../shapes/approval-json.ts';
import { killSwitchBody, killSwitchListSchema, killSwitchSchema } from '../../shapes/kill-switch-json.ts';
import { parkedSchema, redrivenSchema } from '../../shapes/parked-json.ts';
import type { Descriptions, RouteDescription } from '../description.ts';
import { askingRefusals, killSwitchRefusals } from '../refusals.ts';

const throwSwitch = {
  body: killSwitchBody,
  idempotencyKey: 'optional',
  answers: { 200: killSwitchSchema, 202: askedSchema },
  refusals: [...killSwitchRefusals, ...askingRefusals],
} as const satisfies Partial<RouteDescription>;

export const operationRoutes: Descriptions = {
  'GET /v1/kill-switches': {
    summary: 'List the kill switches that are thrown',
    answers: { 200: killSwitchListSchema },
    refusals: [],
  },
  'PUT /v1/kill-switches/firm': { summary: 'Stop the firm, or ask to let it go on', ...throwSwitch },
  'PUT /v1/kill-switches/accounts/{account_id}': {
    summary: 'Stop an account, or ask to let it go on',
    ...throwSwitch,
    refusals: [...throwSwitch.refusals, 'account_not_found'],
  },
  'PUT /v1/kill-switches/instruments/{symbol}': {
    summary: 'Stop an instrument, or ask to let it go on',
    ...throwSwitch,
    refusals: [...throwSwitch.refusals, 'asset_not_found'],
  },
  'GET /v1/parked': {
    summary: 'List what could not be processed',
    answers: { 200: z.array(parkedSchema) },
    refusals: [],
  },
  'POST /v1/parked/{consumer}/redrive': {
    summary: 'Try again what could not be processed',
    answers: { 200: redrivenSchema },
    refusals: ['consumer_not_found'],
  },
};
