import type { TransferCommand } from '../../domain/transfer/commands.ts';
import { transfer as decider } from '../../domain/transfer/decide.ts';
import { effects, observe } from '../../domain/transfer/effects.ts';
import type { TransferEvent } from '../../domain/transfer/events.ts';
import type { TransferState } from '../../domain/transfer/state.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { transferFold } from './transfer-fold.ts';

/** One transfer per stream, named by its idempotency key. */
export const transfer: Aggregate<TransferCommand, TransferState, TransferEvent> = {
  ...decider,
  ...transferFold,
  effects,
  observe,
};
