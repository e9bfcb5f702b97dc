import type { Timestamp } from '../../domain/values/time.ts';
import { webhooksOwner } from '../../domain/webhook/effects.ts';
import { type Webhook, webhookStream } from '../../domain/webhook/state.ts';
import { webhook as aggregate } from '../aggregates/webhook.ts';
import { Fold } from '../command-handler/fold.ts';
import { StreamReader } from '../command-handler/stream-reader.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { EventStore } from '../event-store/port.ts';

/**
 * The master secrets, by their fingerprints, without which a webhook that is not deleted could not sign, or could not if it were resumed.
 * Reads every webhook there is. Throws what the store throws.
 */
export async function secretsNeeded(
  store: EventStore,
  now: Timestamp,
  deadline: Deadline,
): Promise<ReadonlySet<string>> {
  const reader = new StreamReader(store, new Fold(aggregate));
  const needed = new Set<string>();
  for (const [webhookId, { status }] of await store.readItems(webhooksOwner, deadline)) {
    if (status !== 'open') continue;
    const { state } = await reader.head(webhookStream(webhookId), deadline);
    if (state.kind === 'webhook') for (const from of namesOf(state, now)) needed.add(from);
  }
  return needed;
}

function namesOf({ secret, previous }: Webhook, now: Timestamp): readonly string[] {
  return previous && now < previous.until ? [secret.from, previous.from] : [secret.from];
}
