import type { TransferAsset, TransferDirection } from '../../domain/transfer/asset.ts';
import { transferStream } from '../../domain/transfer/state.ts';
import { money } from '../../domain/values/money.ts';
import { quantity } from '../../domain/values/quantity.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { aCommit, anId } from './commits.ts';
import { contract, second } from './orders.ts';

export const cash = (minorUnits: number): TransferAsset => ({
  kind: 'cash',
  currency: 'USD',
  amount: money(minorUnits),
});

export const shares = (lots: number): TransferAsset => ({
  kind: 'shares',
  contract,
  quantity: quantity(lots),
});

/** A transfer that was requested and completed in one commit, at a second of the tests' epoch. */
export function aTransfer(
  accountId: string,
  asset: TransferAsset,
  { direction = 'in', at = 0 }: { readonly direction?: TransferDirection; readonly at?: number } = {},
): Commit {
  const transferId = anId();
  const data = { transferId, accountId, direction, asset, epoch: 1, approvalAbove: 'unlimited' };
  return aCommit({
    stream: transferStream(transferId),
    commitId: anId(),
    at: second(at),
    events: [
      { type: 'TransferRequested', schema: 1, data },
      { type: 'TransferCompleted', schema: 1, data: { posting: {} } },
    ],
  });
}
