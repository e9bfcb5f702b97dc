import type { Timestamp } from '../../domain/values/time.ts';
import { type Webhook, webhookStream } from '../../domain/webhook/state.ts';
import type { FeedReader } from '../account-feed/port.ts';
import type { Clock } from '../clock/clock.ts';
import type { Attended } from '../consumer/attended.ts';
import { webhooksName } from '../consumer/names.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { changeLine } from './change-line.ts';
import { askedAgain, newLine } from './line.ts';
import type { DeliveryRecord } from './port.ts';
import type { Webhooks } from './webhooks.ts';

export interface RedeliveryParts {
  readonly webhooks: Webhooks;
  readonly accountFeed: Pick<FeedReader, 'entriesAfter'>;
  readonly clock: Clock;
}

/** `full`: enough is waiting to be delivered once more. `unknown`: it never was this webhook's turn for this number. */
export type AskedAgain = DeliveryRecord | 'full' | 'unknown';

/** Has one number delivered once more, before what is next in order, with all tries before it. */
export async function redeliver(
  { webhooks, accountFeed, clock }: RedeliveryParts,
  { webhookId, accountId, after }: Webhook,
  number: number,
  deadline: Deadline,
): Promise<AskedAgain> {
  const { deliveries, dispatcher } = webhooks;
  const line = (await deliveries.line(webhookId, deadline)) ?? newLine(webhookId, after);
  if (number <= after || number > Math.max(line.finished, line.current?.number ?? 0)) return 'unknown';
  const [entry] = await accountFeed.entriesAfter(accountId, number - 1, 1, deadline);
  if (!entry) return 'unknown';
  const now = clock.now();
  const known = await deliveries.record(webhookId, number, deadline);
  const record = retried(known ?? { webhookId, number, event: entry.event, attempts: 0, at: now }, now);
  let isFull = false;
  await changeLine(
    deliveries,
    line,
    (before) => {
      const changed = askedAgain(before, number, now);
      isFull = changed === 'full';
      return changed === 'full' ? undefined : { line: changed, records: [record] };
    },
    { after, deadline },
  );
  if (isFull) return 'full';
  dispatcher.wake(webhookId);
  return record;
}

type Known = Pick<DeliveryRecord, 'webhookId' | 'number' | 'event' | 'attempts' | 'fault' | 'answered'>;

function retried(known: Known & { readonly at: Timestamp }, now: Timestamp): DeliveryRecord {
  return { ...known, status: 'retrying', at: now, nextAt: now };
}

const shownMax = 10_000;
/** Asked for once more in one call, of all webhooks together. */
const redrivenMax = 1_000;

/** What webhooks gave up, as operators see it beside what consumers parked; `version` is the number. */
export function attendedWebhooks(parts: RedeliveryParts): Attended {
  const { deliveries, subscriptions } = parts.webhooks;
  const parked = async (deadline: Deadline) =>
    (await deliveries.parked(shownMax, deadline)).map(({ webhookId, number, fault = 'failed', at }) => ({
      stream: webhookStream(webhookId),
      version: number,
      error: fault,
      at,
    }));
  return {
    name: webhooksName,
    parked,
    redrive: async (deadline) => {
      let restored = 0;
      for (const { webhookId, number } of await deliveries.parked(redrivenMax, deadline)) {
        const webhook = await subscriptions.find(webhookId, deadline);
        const asked = webhook && (await redeliver(parts, webhook, number, deadline));
        if (typeof asked === 'object') restored += 1;
      }
      return { restored, parked: (await parked(deadline)).length };
    },
  };
}
