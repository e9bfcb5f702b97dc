import { amountOf, formatAmount } from '../../../domain/transfer/asset.ts';
import type { Transfer } from '../../../domain/transfer/state.ts';
import { formatTimestamp } from '../../../domain/values/time.ts';

const statuses = { pending: 'APPROVAL_PENDING', completed: 'COMPLETE', canceled: 'CANCELED' } as const;

/** A transfer as the Broker API shows one. */
export function transferJson(transfer: Transfer, id: string) {
  const { accountId, asset, direction, status, requestedAt, updatedAt } = transfer;
  const amount = formatAmount(asset, amountOf(asset));
  return {
    id,
    account_id: accountId,
    direction: direction === 'in' ? 'INCOMING' : 'OUTGOING',
    status: statuses[status],
    amount: asset.kind === 'cash' ? amount : null,
    currency: asset.kind === 'cash' ? asset.currency : null,
    symbol: asset.kind === 'shares' ? asset.contract.symbol : null,
    qty: asset.kind === 'shares' ? amount : null,
    created_at: formatTimestamp(requestedAt),
    updated_at: formatTimestamp(updatedAt),
  };
}
