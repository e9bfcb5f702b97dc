import type { Timestamp } from '../values/time.ts';
import type { TransferDenied, TransferRequested } from './events.ts';

export interface Transfer extends Omit<TransferRequested['data'], 'posting'> {
  readonly kind: 'transfer';
  /** `pending`: waits for a second person. */
  readonly status: 'pending' | 'completed' | 'canceled';
  readonly requestedAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/** A denied transfer: its id is used up, nothing moved. */
export interface DeniedTransfer {
  readonly kind: 'denied';
  readonly denial: TransferDenied['data'];
  readonly deniedAt: Timestamp;
}

export type TransferState = { readonly kind: 'unrequested' } | DeniedTransfer | Transfer;

export const unrequested: TransferState = { kind: 'unrequested' };

export function transferStream(transferId: string): string {
  return `transfer-${transferId}`;
}
