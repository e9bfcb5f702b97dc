import type { Timestamp } from '../values/time.ts';
import type { ApprovalRequested } from './events.ts';

export type Approval = ApprovalRequested['data'] & {
  readonly kind: 'approval';
  readonly status: 'requested' | 'granted' | 'refused' | 'used';
  /** Who granted or refused. */
  readonly decidedBy?: string;
  readonly result?: string;
  readonly requestedAt: Timestamp;
  readonly updatedAt: Timestamp;
};

export type ApprovalState = { readonly kind: 'unrequested' } | Approval;

export const unrequested: ApprovalState = { kind: 'unrequested' };

export function approvalStream(approvalId: string): string {
  return `approval-${approvalId}`;
}
