import type { Json } from '../values/json.ts';

/** What takes a second person (design, section 5). */
export type ApprovalAction =
  | 'lift-halt'
  | 'transfer'
  | 'execution'
  | 'bust'
  | 'raise-limit'
  | 'release-kill-switch';
export const approvalActions: readonly ApprovalAction[] = [
  'lift-halt',
  'transfer',
  'execution',
  'bust',
  'raise-limit',
  'release-kill-switch',
];

/**
 * `subject`: the stream it is about. `request`: all that carrying it out takes, as it was asked for; no secrets. `requestedBy`:
 * the person, opaque.
 */
export interface RequestApproval {
  readonly do: 'request';
  readonly approvalId: string;
  readonly action: ApprovalAction;
  readonly subject: string;
  readonly request: Json;
  readonly requestedBy: string;
}

export interface GrantApproval {
  readonly do: 'grant';
  readonly by: string;
}

export interface RefuseApproval {
  readonly do: 'refuse';
  readonly by: string;
}

/** It was carried out; `result` names the commit or stream that came of it. */
export interface UseApproval {
  readonly do: 'use';
  readonly result: string;
}

export type ApprovalCommand = RequestApproval | GrantApproval | RefuseApproval | UseApproval;
