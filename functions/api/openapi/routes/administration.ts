import * as z from 'zod/mini';
import { accountStatusSchema, emptyBody, haltBody, openAccountBody } from '../../shapes/account-fields.ts';
import { accountSchema } from '../../shapes/account-json.ts';
import { approvalListQuery, approvalSchema, askedSchema } from '../../shapes/approval-json.ts';
import { configChangedSchema } from '../../shapes/config-json.ts';
import { issueBody, issuedKeySchema, keySchema } from '../../shapes/key-json.ts';
import { killSwitchSchema } from '../../shapes/kill-switch-json.ts';
import { positionSchema } from '../../shapes/position-json.ts';
import { reportedSchema } from '../../shapes/report-replies.ts';
import { transferBody } from '../../shapes/transfer-fields.ts';
import { pendingTransferSchema, transferSchema } from '../../shapes/transfer-json.ts';
import type { Descriptions } from '../description.ts';
import {
  askingRefusals,
  configRefusals,
  killSwitchRefusals,
  reportRefusals,
  transferRefusals,
} from '../refusals.ts';

export const administrationRoutes: Descriptions = {
  'POST /v1/accounts': {
    summary: 'Open an account',
    body: openAccountBody,
    bodyMayBeLeftOut: true,
    idempotencyKey: 'optional',
    answers: { 200: accountSchema },
    refusals: ['idempotency_key_reused', 'account_not_found'],
  },
  'GET /v1/accounts/{account_id}': {
    summary: 'Read an account',
    answers: { 200: accountSchema },
    refusals: ['account_not_found'],
  },
  'GET /v1/accounts/{account_id}/positions': {
    summary: 'List the positions of an account',
    answers: { 200: z.array(positionSchema) },
    refusals: ['account_not_found'],
  },
  'POST /v1/accounts/{account_id}/halt': {
    summary: 'Halt an account',
    body: haltBody,
    idempotencyKey: 'optional',
    answers: { 200: accountStatusSchema },
    refusals: ['account_not_found', 'account_closed', 'idempotency_key_reused'],
  },
  'POST /v1/accounts/{account_id}/lift-halt': {
    summary: 'Ask a second person to lift a halt',
    body: emptyBody,
    bodyMayBeLeftOut: true,
    idempotencyKey: 'optional',
    answers: { 202: askedSchema },
    refusals: ['account_not_found', 'account_closed', 'account_not_halted', ...askingRefusals],
  },
  'POST /v1/accounts/{account_id}/lift-restriction': {
    summary: 'Let an account that fell short buy again',
    body: emptyBody,
    bodyMayBeLeftOut: true,
    idempotencyKey: 'optional',
    answers: { 200: accountStatusSchema },
    refusals: [
      'account_not_found',
      'account_closed',
      'account_short',
      'account_reduce_only',
      'idempotency_key_reused',
    ],
  },
  'POST /v1/accounts/{account_id}/actions/close': {
    summary: 'Close an account for ever',
    body: emptyBody,
    bodyMayBeLeftOut: true,
    idempotencyKey: 'optional',
    answers: { 200: accountStatusSchema },
    refusals: ['account_not_found', 'account_not_halted', 'account_not_empty', 'idempotency_key_reused'],
  },
  'POST /v1/accounts/{account_id}/transfers': {
    summary: 'Move cash or shares in or out',
    body: transferBody,
    idempotencyKey: 'required',
    answers: { 200: transferSchema, 202: pendingTransferSchema },
    refusals: [...transferRefusals, ...askingRefusals, 'idempotency_key_missing', 'quantity_off_lot'],
  },
  'GET /v1/accounts/{account_id}/transfers/{transfer_id}': {
    summary: 'Read a transfer',
    answers: { 200: transferSchema },
    refusals: transferRefusals,
  },
  'DELETE /v1/accounts/{account_id}/transfers/{transfer_id}': {
    summary: 'Cancel a transfer that waits for approval',
    idempotencyKey: 'optional',
    answers: { 204: 'nothing' },
    refusals: ['idempotency_key_reused', 'account_not_found', 'transfer_unknown', 'transfer_closed'],
  },
  'GET /v1/approvals': {
    summary: 'List what a second person was asked',
    query: approvalListQuery,
    answers: { 200: z.array(approvalSchema) },
    refusals: [],
  },
  'GET /v1/approvals/{approval_id}': {
    summary: 'Read what a second person was asked',
    answers: { 200: approvalSchema },
    refusals: ['approval_unknown'],
  },
  'POST /v1/approvals/{approval_id}/approve': {
    summary: 'Approve, as a second person, and carry it out',
    answers: {
      200: z.union([
        approvalSchema,
        transferSchema,
        accountStatusSchema,
        reportedSchema,
        killSwitchSchema,
        configChangedSchema,
      ]),
    },
    refusals: [
      ...transferRefusals,
      ...reportRefusals,
      ...killSwitchRefusals,
      ...configRefusals,
      'config_version_unknown',
      'account_not_halted',
      'transfer_closed',
      'approval_unknown',
      'approval_closed',
      'approval_missing',
      'approval_mismatch',
      'second_person_required',
    ],
  },
  'POST /v1/approvals/{approval_id}/refuse': {
    summary: 'Refuse, as a second person',
    answers: { 200: approvalSchema },
    refusals: ['approval_unknown', 'approval_closed', 'second_person_required'],
  },
  'POST /v1/keys': {
    summary: 'Issue an API key',
    body: issueBody,
    idempotencyKey: 'optional',
    answers: { 201: issuedKeySchema },
    refusals: ['account_not_found', 'key_not_found', 'idempotency_key_reused'],
  },
  'GET /v1/keys': {
    summary: 'List the API keys',
    answers: { 200: z.array(keySchema) },
    refusals: [],
  },
  'DELETE /v1/keys/{key_id}': {
    summary: 'Revoke an API key',
    answers: { 204: 'nothing' },
    refusals: ['key_not_found', 'last_administrator_key'],
  },
};
