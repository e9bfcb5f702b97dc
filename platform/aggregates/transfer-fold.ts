import * as z from 'zod/mini';
import type { TransferAsset } from '../../domain/transfer/asset.ts';
import type { TransferEvent } from '../../domain/transfer/events.ts';
import { evolve } from '../../domain/transfer/evolve.ts';
import { type TransferState, unrequested } from '../../domain/transfer/state.ts';
import { money } from '../../domain/values/money.ts';
import type { Foldable } from '../command-handler/aggregate.ts';
import { as, exactly, type Readers, upcastWith } from './stored-events.ts';
import { accountId, contract, count, currency, posting, quantity, reason, text } from './value-schemas.ts';

type DataOf<Type extends TransferEvent['type']> = Extract<TransferEvent, { type: Type }>['data'];

const direction = z.enum(['in', 'out']);
const refusal = { reason, limit: z.exactOptional(text), observed: z.exactOptional(text) };
const asset: z.ZodMiniType<TransferAsset> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cash'), currency, amount: z.pipe(count, z.transform(money)) }),
  z.strictObject({ kind: z.literal('shares'), contract, quantity }),
]);

const transferDenied = exactly<DataOf<'TransferDenied'>>()({
  transferId: text,
  accountId,
  direction,
  requested: z.strictObject({ asset: text, amount: text }),
  ...refusal,
});
const transferRequested = exactly<DataOf<'TransferRequested'>>()({
  transferId: text,
  accountId,
  direction,
  asset,
  epoch: count,
  approvalAbove: z.union([count, z.literal('unlimited')]),
  posting: z.exactOptional(posting),
});
const transferCompleted = exactly<DataOf<'TransferCompleted'>>()({
  posting,
  approvalId: z.exactOptional(text),
});
const transferCanceled = exactly<DataOf<'TransferCanceled'>>()({
  reason: z.enum(['requested', 'approval_refused', 'account_halted', 'account_closed']),
  posting: z.exactOptional(posting),
});
const transferChangeRefused = exactly<DataOf<'TransferChangeRefused'>>()({
  change: z.enum(['complete', 'cancel']),
  ...refusal,
});

const readers: Readers<TransferEvent> = {
  TransferDenied: [as('TransferDenied', transferDenied)],
  TransferRequested: [as('TransferRequested', transferRequested)],
  TransferCompleted: [as('TransferCompleted', transferCompleted)],
  TransferCanceled: [as('TransferCanceled', transferCanceled)],
  TransferChangeRefused: [as('TransferChangeRefused', transferChangeRefused)],
};

/** Transfers for who only reads them. The fingerprint is raised by the rule beside `orderFold`. */
export const transferFold: Foldable<TransferState, TransferEvent> = {
  kind: 'transfer',
  fingerprint: 'transfer-1',
  initial: unrequested,
  evolve,
  upcast: upcastWith(readers),
};
