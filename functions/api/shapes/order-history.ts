import * as z from 'zod/mini';
import { formatTimestamp } from '../../../domain/values/time.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { emptyFold, foldRows, type OrderFold } from '../../../platform/views/order-row.ts';
import { decodedOrder } from '../../../platform/views/order-steps.ts';
import { orderStatus } from './order-json.ts';
import { decimalText, idOrNull, momentText, opaqueId } from './values.ts';

export const historySchema = z.array(
  z
    .strictObject({
      version: z.int().check(z.minimum(1)),
      at: momentText,
      events: z
        .array(
          z.strictObject({
            type: z.string(),
            schema: z.int().check(z.minimum(1)),
            data: z.record(z.string(), z.unknown()),
          }),
        )
        .check(z.minLength(1)),
      actor: z.strictObject({
        kind: z.enum(['client', 'desk', 'operator', 'venue', 'risk', 'system']),
        id: opaqueId,
        api_key_id: idOrNull,
        proof: idOrNull,
      }),
      command_id: idOrNull,
      correlation_id: idOrNull,
      causation_id: idOrNull,
      traceparent: idOrNull,
      config_version: idOrNull,
      cell: z.string(),
      epoch: z.int(),
      commit_id: opaqueId,
      previous_hash: idOrNull,
      order: z.array(z.strictObject({ id: opaqueId, status: orderStatus, filled_qty: decimalText })),
    })
    .register(z.globalRegistry, { id: 'OrderCommit' }),
);

/**
 * Everything that ever happened to an order: what, when, by whom, why, and under which config, oldest first. Prices are in ticks and
 * quantities in lots of the contract that the first event names; `order` is what a client saw from then on.
 */
export function historyJson(commits: readonly Commit[]): z.infer<typeof historySchema> {
  let fold: OrderFold = emptyFold;
  return commits.map((commit) => {
    const folded = foldRows(fold, decodedOrder(commit));
    fold = folded.fold;
    const rows = [...folded.rows.values()];
    return {
      version: commit.version,
      at: formatTimestamp(commit.at),
      events: commit.events.map(({ type, schema, data }) => ({ type, schema, data })),
      actor: {
        kind: commit.actor.kind,
        id: commit.actor.id,
        api_key_id: commit.actor.apiKeyId ?? null,
        proof: commit.actor.proof ?? null,
      },
      command_id: commit.commandId ?? null,
      correlation_id: commit.correlationId ?? null,
      causation_id: commit.causationId ?? null,
      traceparent: commit.traceparent ?? null,
      config_version: commit.config ?? null,
      cell: commit.cell,
      epoch: commit.epoch,
      commit_id: commit.commitId,
      previous_hash: commit.previousHash ?? null,
      order: rows.map(({ id, status, filledQuantity }) => ({
        id,
        status,
        filled_qty: filledQuantity,
      })),
    };
  });
}
