import type { Posting } from '../account/posting.ts';
import type { Decider } from '../decider.ts';
import { assert, unreachable } from '../values/assert.ts';
import { amountOf, paidIn, paidOut, released, reserved } from './asset.ts';
import type {
  CancelTransfer,
  CompleteTransfer,
  Observed,
  RequestTransfer,
  TransferCommand,
} from './commands.ts';
import type {
  Refusal,
  TransferCanceled,
  TransferCompleted,
  TransferEvent,
  TransferRequested,
} from './events.ts';
import { evolve } from './evolve.ts';
import {
  coverGuards,
  epochGuard,
  firstBroken,
  type Guard,
  roomGuards,
  shortfallSeen,
  standingGuards,
  type Subject,
} from './guards.ts';
import { type Transfer, type TransferState, unrequested } from './state.ts';

export function decide(command: TransferCommand, state: TransferState): readonly TransferEvent[] {
  switch (command.do) {
    case 'request':
      return state.kind === 'unrequested' ? request(command) : [];
    case 'complete':
      return state.kind === 'unrequested' ? [] : complete(command, state);
    case 'cancel':
      return state.kind === 'unrequested' ? [] : cancel(command, state);
    default:
      return unreachable(command);
  }
}

/** In this order: asset, approval limit, account status, epoch, cover or room. The first refusal is the one reported. */
function request(command: RequestTransfer): readonly TransferEvent[] {
  const { transferId, accountId, direction, asset, epoch, approvalAbove, observed } = command;
  if (!asset)
    return [denied(command, { reason: 'transfer_asset_unknown', observed: command.requested.asset })];
  if (approvalAbove === undefined)
    return [denied(command, { reason: 'limit_not_configured', limit: 'approvalAbove' })];
  const subject = { direction, asset, epoch };
  const refusal = firstBroken(guardsOfRequest(subject, observed), observed);
  if (refusal) return [denied(command, refusal)];
  assert(amountOf(asset) > 0, 'a transfer moves something');
  const posting = direction === 'out' ? { posting: reserved(asset) } : {};
  const data = { transferId, accountId, direction, asset, epoch, approvalAbove, ...posting };
  const requested: TransferRequested = { type: 'TransferRequested', schema: 1, data };
  if (approvalAbove !== 'unlimited' && amountOf(asset) > approvalAbove) return [requested];
  return [requested, completed(subject, observed)];
}

/** The conditions of the write that carries out, or reserves for, a request. */
export function guardsOfRequest(subject: Subject, observed: Observed | undefined): readonly Guard[] {
  const standing = standingGuards(subject);
  return subject.direction === 'out'
    ? [...standing, ...coverGuards(subject, observed)]
    : [...standing, ...roomGuards(subject, observed)];
}

/** What goes out is held already: only whether the account may move anything is asked again. */
export function guardsOfCompletion(subject: Subject, observed: Observed | undefined): readonly Guard[] {
  const standing = standingGuards(subject);
  return subject.direction === 'out' ? standing : [...standing, ...roomGuards(subject, observed)];
}

export function guardsOfCancel({ epoch }: Subject): readonly Guard[] {
  return [epochGuard(epoch)];
}

function completed(
  { direction, asset }: Subject,
  observed: Observed | undefined,
  approvalId?: string,
): TransferCompleted {
  const posting: Posting =
    direction === 'out' ? paidOut(asset) : paidIn(asset, shortfallSeen(asset, observed));
  const data = approvalId === undefined ? { posting } : { posting, approvalId };
  return { type: 'TransferCompleted', schema: 1, data };
}

/** A halt or the account's end between request and approval ends the transfer: what was held goes back. */
function complete(
  { observed, approvalId }: CompleteTransfer,
  state: Exclude<TransferState, { kind: 'unrequested' }>,
): readonly TransferEvent[] {
  if (state.kind === 'denied')
    return [refused('complete', { reason: 'transfer_closed', observed: 'denied' })];
  if (state.status === 'completed') return [];
  if (state.status === 'canceled')
    return [refused('complete', { reason: 'transfer_closed', observed: state.status })];
  const refusal = firstBroken(guardsOfCompletion(state, observed), observed);
  if (refusal?.reason === 'account_halted' || refusal?.reason === 'account_closed')
    return [canceled(state, refusal.reason)];
  if (refusal) return [refused('complete', refusal)];
  return [completed(state, observed, approvalId)];
}

function cancel(
  { observed, reason }: CancelTransfer,
  state: Exclude<TransferState, { kind: 'unrequested' }>,
): readonly TransferEvent[] {
  if (state.kind === 'denied') return [refused('cancel', { reason: 'transfer_closed', observed: 'denied' })];
  if (state.status === 'canceled') return [];
  if (state.status === 'completed')
    return [refused('cancel', { reason: 'transfer_closed', observed: state.status })];
  const refusal = firstBroken(guardsOfCancel(state), observed);
  return [refusal ? refused('cancel', refusal) : canceled(state, reason)];
}

function canceled(
  { direction, asset }: Transfer,
  reason: TransferCanceled['data']['reason'],
): TransferCanceled {
  const data = direction === 'out' ? { reason, posting: released(asset) } : { reason };
  return { type: 'TransferCanceled', schema: 1, data };
}

function denied(command: RequestTransfer, refusal: Refusal): TransferEvent {
  const { transferId, accountId, direction, requested } = command;
  const data = { transferId, accountId, direction, requested, ...refusal };
  return { type: 'TransferDenied', schema: 1, data };
}

function refused(change: 'complete' | 'cancel', refusal: Refusal): TransferEvent {
  return { type: 'TransferChangeRefused', schema: 1, data: { change, ...refusal } };
}

export const transfer: Decider<TransferCommand, TransferState, TransferEvent> = {
  initial: unrequested,
  decide,
  evolve,
};
