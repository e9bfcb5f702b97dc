import * as z from 'zod/mini';
import { type ApprovalCommand, approvalActions } from '../../domain/approval/commands.ts';
import { approval as decider } from '../../domain/approval/decide.ts';
import { effects } from '../../domain/approval/effects.ts';
import type { ApprovalEvent } from '../../domain/approval/events.ts';
import type { Json } from '../../domain/values/json.ts';
import type { ApprovalState } from '../../domain/approval/state.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { as, exactly, type Readers, upcastWith } from './stored-events.ts';
import { reason, text } from './value-schemas.ts';

type DataOf<Type extends ApprovalEvent['type']> = Extract<ApprovalEvent, { type: Type }>['data'];

const json: z.ZodMiniType<Json> = z.json();

const approvalRequested = exactly<DataOf<'ApprovalRequested'>>()({
  approvalId: text,
  action: z.enum(approvalActions),
  subject: text,
  request: json,
  requestedBy: text,
});
const approvalChangeRefused = exactly<DataOf<'ApprovalChangeRefused'>>()({
  change: z.enum(['grant', 'refuse', 'use']),
  by: z.exactOptional(text),
  reason,
  observed: z.exactOptional(text),
});

const readers: Readers<ApprovalEvent> = {
  ApprovalRequested: [as('ApprovalRequested', approvalRequested)],
  ApprovalGranted: [as('ApprovalGranted', z.strictObject({ by: text }))],
  ApprovalRefused: [as('ApprovalRefused', z.strictObject({ by: text }))],
  ApprovalUsed: [as('ApprovalUsed', z.strictObject({ result: text }))],
  ApprovalChangeRefused: [as('ApprovalChangeRefused', approvalChangeRefused)],
};

/** One question to a second person per stream. The fingerprint is raised by the rule beside `order`. */
export const approval: Aggregate<ApprovalCommand, ApprovalState, ApprovalEvent> = {
  ...decider,
  kind: 'approval',
  fingerprint: 'approval-1',
  upcast: upcastWith(readers),
  effects,
};
