import type { Item } from '../account/items.ts';
import type { Limit } from '../risk/rules.ts';
import type { AccountId } from '../values/ids.ts';
import type { TransferAsset, TransferDirection } from './asset.ts';

/** What the account's items held when they refused the write; filled in by the command handler, never by a caller. */
export interface Observed {
  readonly account?: Item | 'missing';
  readonly position?: Item | 'missing';
}

export interface RequestTransfer {
  readonly do: 'request';
  readonly transferId: string;
  readonly accountId: AccountId;
  readonly direction: TransferDirection;
  /** As the request named them: all there is to record when the asset is not known. */
  readonly requested: { readonly asset: string; readonly amount: string };
  /** Undefined: neither a currency nor a known instrument. Its amount is above zero. */
  readonly asset: TransferAsset | undefined;
  /** The amount (minor units, or lots) above which a second person must approve. Not configured denies. */
  readonly approvalAbove: Limit;
  /** The account's ownership epoch as this cell knows it. */
  readonly epoch: number;
  readonly observed?: Observed;
}

/** Carries out what was waiting for approval. The caller has seen that `approvalId` was granted for this very transfer. */
export interface CompleteTransfer {
  readonly do: 'complete';
  readonly approvalId: string;
  readonly observed?: Observed;
}

/** Gives up what was waiting for approval. */
export interface CancelTransfer {
  readonly do: 'cancel';
  readonly reason: 'requested' | 'approval_refused';
  readonly observed?: Observed;
}

export type TransferCommand = RequestTransfer | CompleteTransfer | CancelTransfer;
