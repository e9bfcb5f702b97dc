import * as z from 'zod/mini';
import { amountOf, formatAmount } from '../../../domain/transfer/asset.ts';
import type { Transfer } from '../../../domain/transfer/state.ts';
import { currencies } from '../../../domain/values/money.ts';
import { formatTimestamp } from '../../../domain/values/time.ts';
import { approvalSchema } from './approval-json.ts';
import { amountOrNull, momentText, opaqueId } from './values.ts';

export const transferSchema = z
  .strictObject({
    id: opaqueId,
    account_id: opaqueId,
    direction: z.enum(['INCOMING', 'OUTGOING']),
    status: z.enum(['APPROVAL_PENDING', 'COMPLETE', 'CANCELED']),
    amount: amountOrNull,
    currency: z.nullable(z.enum(currencies)),
    symbol: z.nullable(z.string()),
    qty: amountOrNull,
    created_at: momentText,
    updated_at: momentText,
  })
  .register(z.globalRegistry, { id: 'Transfer' });

/** One that waits for a second person, with what they are asked. */
export const pendingTransferSchema = z
  .extend(transferSchema, { approval: approvalSchema })
  .register(z.globalRegistry, { id: 'PendingTransfer' });

const statuses = { pending: 'APPROVAL_PENDING', completed: 'COMPLETE', canceled: 'CANCELED' } as const;

/** A transfer as the Broker API shows one. */
export function transferJson(transfer: Transfer, id: string): z.infer<typeof transferSchema> {
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
