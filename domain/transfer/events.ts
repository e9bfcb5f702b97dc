import type { Posting } from '../account/posting.ts';
import type { DomainEvent } from '../decider.ts';
import type { Reason } from '../risk/reasons.ts';
import type { AccountId } from '../values/ids.ts';
import type { RequestTransfer } from './commands.ts';
import type { TransferAsset, TransferDirection } from './asset.ts';

/** Why a transfer, or a step of one, was refused: the limit and the value that decided it. */
export interface Refusal {
  readonly reason: Reason;
  readonly limit?: string;
  readonly observed?: string;
}

export type TransferDenied = DomainEvent<
  'TransferDenied',
  Refusal & {
    readonly transferId: string;
    readonly accountId: AccountId;
    readonly direction: TransferDirection;
    readonly requested: RequestTransfer['requested'];
  }
>;
/** What goes out is held from here on. Completed in the same commit, unless it waits for a second person. */
export type TransferRequested = DomainEvent<
  'TransferRequested',
  {
    readonly transferId: string;
    readonly accountId: AccountId;
    readonly direction: TransferDirection;
    readonly asset: TransferAsset;
    readonly epoch: number;
    /** The amount above which approval was needed then. */
    readonly approvalAbove: number | 'unlimited';
    readonly posting?: Posting;
  }
>;
export type TransferCompleted = DomainEvent<
  'TransferCompleted',
  { readonly posting: Posting; readonly approvalId?: string }
>;
export type TransferCanceled = DomainEvent<
  'TransferCanceled',
  {
    readonly reason: 'requested' | 'approval_refused' | 'account_halted' | 'account_closed';
    readonly posting?: Posting;
  }
>;
export type TransferChangeRefused = DomainEvent<
  'TransferChangeRefused',
  Refusal & { readonly change: 'complete' | 'cancel' }
>;

export type TransferEvent =
  | TransferDenied
  | TransferRequested
  | TransferCompleted
  | TransferCanceled
  | TransferChangeRefused;
