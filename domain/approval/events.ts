import type { DomainEvent } from '../decider.ts';
import type { Reason } from '../risk/reasons.ts';
import type { RequestApproval } from './commands.ts';

export type ApprovalRequested = DomainEvent<'ApprovalRequested', Omit<RequestApproval, 'do'>>;
export type ApprovalGranted = DomainEvent<'ApprovalGranted', { readonly by: string }>;
export type ApprovalRefused = DomainEvent<'ApprovalRefused', { readonly by: string }>;
/** What was approved has been done. Without it, after a crash, it is done again under the same key. */
export type ApprovalUsed = DomainEvent<'ApprovalUsed', { readonly result: string }>;
/** A step that was not allowed, such as granting one's own request: kept, because somebody tried. */
export type ApprovalChangeRefused = DomainEvent<
  'ApprovalChangeRefused',
  {
    readonly change: 'grant' | 'refuse' | 'use';
    readonly by?: string;
    readonly reason: Reason;
    readonly observed?: string;
  }
>;

export type ApprovalEvent =
  | ApprovalRequested
  | ApprovalGranted
  | ApprovalRefused
  | ApprovalUsed
  | ApprovalChangeRefused;
