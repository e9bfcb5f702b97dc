import type { TransferEvent } from '../../domain/transfer/events.ts';
import { evolve } from '../../domain/transfer/evolve.ts';
import { type TransferState, unrequested } from '../../domain/transfer/state.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { transferFold } from '../aggregates/transfer-fold.ts';
import type { Commit } from '../event-store/port.ts';

export interface TransferFold {
  readonly transfer: TransferState;
}

/** What one event made of a transfer. */
export interface TransferStep {
  readonly event: TransferEvent;
  readonly at: Timestamp;
  readonly version: number;
  /** Which of its commit's events. */
  readonly index: number;
  readonly after: TransferState;
}

export const emptyTransferFold: TransferFold = { transfer: unrequested };

/** Folds one commit event by event. Throws `CorruptCommit`. */
export function transferSteps(
  { transfer }: TransferFold,
  { events, at, version }: Commit,
): { readonly fold: TransferFold; readonly steps: readonly TransferStep[] } {
  const steps: TransferStep[] = [];
  let after = transfer;
  for (const [index, stored] of events.entries()) {
    const event = transferFold.upcast(stored);
    after = evolve(after, event, at);
    steps.push({ event, at, version, index, after });
  }
  return { fold: { transfer: after }, steps };
}
