import * as z from 'zod/mini';
import { approvalActions } from '../../../domain/approval/commands.ts';
import type { Approval } from '../../../domain/approval/state.ts';
import { formatTimestamp } from '../../../domain/values/time.ts';
import { idOrNull, momentText, opaqueId } from './values.ts';

export const approvalSchema = z
  .strictObject({
    id: opaqueId,
    action: z.enum(approvalActions),
    subject: opaqueId,
    request: z.unknown(),
    status: z.enum(['requested', 'granted', 'refused', 'used']),
    requested_by: opaqueId,
    requested_at: momentText,
    decided_by: idOrNull,
    updated_at: momentText,
    result: idOrNull,
  })
  .register(z.globalRegistry, { id: 'Approval' });

/** What is answered while a second person is waited for. */
export const askedSchema = z.strictObject({ approval: approvalSchema });

/** The query of `GET /v1/approvals`. */
export const approvalListQuery = z.strictObject({
  status: z._default(z.enum(['requested', 'granted', 'refused', 'used', 'all']), 'requested'),
});

export function approvalJson(approval: Approval): z.infer<typeof approvalSchema> {
  return {
    id: approval.approvalId,
    action: approval.action,
    subject: approval.subject,
    request: approval.request,
    status: approval.status,
    requested_by: approval.requestedBy,
    requested_at: formatTimestamp(approval.requestedAt),
    decided_by: approval.decidedBy ?? null,
    updated_at: formatTimestamp(approval.updatedAt),
    result: approval.result ?? null,
  };
}
