import { askedSchema } from '../../shapes/approval-json.ts';
import {
  breachListQuery,
  breachListSchema,
  reEnableBody,
  watchedAccountSchema,
} from '../../shapes/surveillance-json.ts';
import type { Descriptions } from '../description.ts';
import { askingRefusals } from '../refusals.ts';

export const surveillanceRoutes: Descriptions = {
  'GET /v1/surveillance/accounts/{account_id}': {
    summary: 'Show what an account comes to, beside what surveillance lets it',
    answers: { 200: watchedAccountSchema },
    refusals: ['account_not_found'],
  },
  'GET /v1/surveillance/breaches': {
    summary: 'List the limits that were crossed and what was done',
    query: breachListQuery,
    answers: { 200: breachListSchema },
    refusals: [],
  },
  'POST /v1/surveillance/strategies/{account_id}/{strategy_id}/re-enable': {
    summary: 'Ask to let a stopped strategy go on',
    body: reEnableBody,
    idempotencyKey: 'optional',
    answers: { 202: askedSchema },
    refusals: ['account_not_found', 'strategy_not_stopped', ...askingRefusals],
  },
};
