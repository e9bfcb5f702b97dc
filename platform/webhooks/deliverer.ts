import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import { statusOf, type Webhook } from '../../domain/webhook/state.ts';
import type { FeedEntry, FeedReader } from '../account-feed/port.ts';
import type { Clock } from '../clock/clock.ts';
import { webhooksName } from '../consumer/names.ts';
import { type Deadline, remainingMs } from '../deadline/deadline.ts';
import type { HotConfig } from '../hot-config/port.ts';
import { deliveryIdOf } from '../ids/derived-ids.ts';
import type { ResolveName } from '../outgoing/resolve-name.ts';
import type { Random } from '../random/random.ts';
import type { SecretRing } from '../secrets/port.ts';
import type { Telemetry } from '../telemetry/port.ts';
import { type CallOutcome, callReceiver } from './call.ts';
import { changeLine, type LineChange } from './change-line.ts';
import * as lines from './line.ts';
import type { DeliveryRecord, DeliveryStore } from './port.ts';
import { retryPauseMs, type WebhookRules, webhookRules } from './rules.ts';
import { secretsInForce, signatureOf } from './signature.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface DelivererParts {
  readonly subscriptions: Subscriptions;
  readonly deliveries: DeliveryStore;
  readonly accountFeed: Pick<FeedReader, 'entriesAfter'>;
  /** What the receiver reads of an entry. The same entry always gives the same text. */
  readonly bodyOf: (entry: FeedEntry, deliveryId: string) => string;
  readonly config: HotConfig;
  readonly ring: SecretRing;
  readonly resolve: ResolveName;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
}

/** When there may be something to do again: `at` that time, or with the next entry of the account's feed, or a change. */
export type Next = 'now' | { readonly at: Timestamp } | 'with-news';

/** Entries looked at for one of interest. */
const lookAhead = 100;

interface Work {
  readonly webhook: Webhook;
  readonly line: lines.DeliveryLine;
  readonly rules: WebhookRules;
  readonly secrets: readonly string[];
  readonly deadline: Deadline;
}

/** Delivers to one webhook, one message at a time and in order: the next one comes when this one arrived, or was given up. */
export class Deliverer {
  readonly #parts: DelivererParts;
  readonly #counts;
  readonly #duration;

  constructor(parts: DelivererParts) {
    this.#parts = parts;
    const { metrics } = parts.telemetry;
    const counterOf = (outcome: string) => metrics.counter('webhook_deliveries', { outcome });
    this.#counts = {
      delivered: counterOf('delivered'),
      retrying: counterOf('retrying'),
      parked: counterOf('parked'),
    };
    this.#duration = metrics.histogram('webhook_delivery_duration', {});
  }

  /** One message at most. Must not run twice at a time for one webhook. Throws what the stores throw: then it is tried again. */
  async step(webhookId: string, deadline: Deadline): Promise<Next> {
    const { subscriptions, deliveries, config, ring, clock } = this.#parts;
    const webhook = await subscriptions.find(webhookId, deadline);
    if (!webhook) {
      await deliveries.forget(webhookId, deadline);
      return 'with-news';
    }
    if (statusOf(webhook) !== 'active') return 'with-news';
    const line = (await deliveries.line(webhookId, deadline)) ?? lines.newLine(webhookId, webhook.after);
    const rules = webhookRules(config.current().config.document);
    const secrets = await secretsInForce(ring, webhook, clock.now(), deadline);
    const work: Work = { webhook, line, rules, secrets, deadline };
    return secrets.length === 0 ? this.#suspend(work, line.finished) : this.#work(work);
  }

  async #work(work: Work): Promise<Next> {
    const { line, webhook, deadline } = work;
    const now = this.#parts.clock.now();
    const again = lines.dueAgain(line, now);
    if (again) {
      const entry = await this.#entry(webhook, again.number, deadline);
      return entry ? this.#deliver(work, entry, again.made) : 'with-news';
    }
    const { current } = line;
    if (current && current.nextAt > now) return { at: lines.nextTry(line) ?? current.nextAt };
    if (!current) return this.#workOnNews(work);
    const entry = await this.#entry(webhook, current.number, deadline);
    return entry ? this.#deliver(work, entry, current.made) : 'with-news';
  }

  async #workOnNews(work: Work): Promise<Next> {
    const { webhook, line, deadline } = work;
    const { accountFeed } = this.#parts;
    const news = await accountFeed.entriesAfter(webhook.accountId, line.finished, lookAhead, deadline);
    const wanted = news.find(({ event }) => webhook.events === 'all' || webhook.events.includes(event));
    if (wanted) return this.#deliver(work, wanted, 0);
    const last = news.at(-1);
    if (last) await this.#write(work, (before) => ({ line: lines.skipped(before, last.number) }));
    if (news.length === lookAhead) return 'now';
    const at = lines.nextTry(line);
    return at === undefined ? 'with-news' : { at };
  }

  async #deliver(work: Work, entry: FeedEntry, madeBefore: number): Promise<Next> {
    const { clock } = this.#parts;
    const made = madeBefore + 1;
    // What has no time for a whole try is better begun anew than failed for want of time.
    if (remainingMs(work.deadline, clock) < work.rules.timeoutMs) return 'now';
    const startedMs = clock.monotonicMs();
    const called = await this.#call(work, entry);
    this.#duration.record(clock.monotonicMs() - startedMs);
    const record = this.#recordOf(work, entry, made, called);
    this.#counts[record.status].add();
    const line = await this.#write(work, (before) => ({ line: after(before, record), records: [record] }));
    const { suspendAfterParked } = work.rules;
    if (record.status === 'parked' && line.parkedInARow >= suspendAfterParked)
      return this.#suspend(work, entry.number);
    return 'now';
  }

  #call({ webhook, rules, secrets, deadline }: Work, entry: FeedEntry): Promise<CallOutcome> {
    const { clock, resolve, bodyOf } = this.#parts;
    const id = deliveryIdOf(webhook.webhookId, entry.number);
    const body = bodyOf(entry, id);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Ordercell-Webhooks/1',
      'ordercell-webhook-id': webhook.webhookId,
      'ordercell-delivery': id,
      'ordercell-signature': signatureOf(body, secrets, clock.now()),
    };
    return callReceiver({ url: webhook.url, body, headers }, rules, deadline, { clock, resolve });
  }

  #recordOf({ webhook, rules }: Work, entry: FeedEntry, made: number, called: CallOutcome): DeliveryRecord {
    const { clock, random, telemetry } = this.#parts;
    const { webhookId } = webhook;
    const { number, event } = entry;
    const at = clock.now();
    const base = { webhookId, number, event, attempts: made, at };
    if (called.outcome === 'delivered') return { ...base, status: 'delivered', answered: called.answered };
    const { fault, answered, because } = called;
    const failed = { ...base, fault, ...(answered !== undefined && { answered }) };
    if (made < rules.attemptsMax) {
      const pauseMs = retryPauseMs(made, rules, random.fraction());
      return { ...failed, status: 'retrying', nextAt: timestamp(at + pauseMs * 1_000) };
    }
    telemetry.log.warn('a delivery to a webhook was parked: its owner can have it delivered again', {
      webhookId,
      number,
      fault,
      ...(because && { because: because.message }),
    });
    return { ...failed, status: 'parked' };
  }

  /** The line as it is by then: somebody may have asked for something once more meanwhile. */
  async #write(
    { webhook, line, deadline }: Work,
    change: (line: lines.DeliveryLine) => LineChange,
  ): Promise<lines.DeliveryLine> {
    return changeLine(this.#parts.deliveries, line, change, { after: webhook.after, deadline });
  }

  async #suspend({ webhook, secrets, deadline }: Work, number: number): Promise<Next> {
    const { subscriptions, telemetry } = this.#parts;
    const { webhookId } = webhook;
    const isSecretLost = secrets.length === 0;
    telemetry.log.warn('a webhook was suspended: its owner has to resume it', {
      webhookId,
      number,
      isSecretLost,
    });
    const actor = { kind: 'system', id: webhooksName, proof: 'internal' } as const;
    await subscriptions.handle(webhookId, { do: 'suspend', number }, { actor, deadline });
    return 'with-news';
  }

  async #entry({ accountId }: Webhook, number: number, deadline: Deadline): Promise<FeedEntry | undefined> {
    const [entry] = await this.#parts.accountFeed.entriesAfter(accountId, number - 1, 1, deadline);
    return entry;
  }
}

function after(line: lines.DeliveryLine, { status, number, attempts, nextAt }: DeliveryRecord) {
  if (status === 'retrying' && nextAt !== undefined)
    return lines.triedInVain(line, { number, made: attempts, nextAt });
  return lines.ended(line, number, status === 'parked' ? 'parked' : 'delivered');
}
