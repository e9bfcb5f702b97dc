import type { Refusal } from '../../../domain/order/events.ts';
import { type Reply, refused } from '../door/reply.ts';

/** A refusal of the rules of trading, as the door shows it. */
export function refusedBy({ reason, limit, observed }: Refusal): Reply {
  return refused(reason, {
    ...(limit !== undefined && { limit }),
    ...(observed !== undefined && { observed }),
  });
}
