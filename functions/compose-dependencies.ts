import type { DomainEvent } from '../domain/decider.ts';
import type { FeedReader } from '../platform/account-feed/port.ts';
import { account } from '../platform/aggregates/account.ts';
import { apiKey } from '../platform/aggregates/api-key.ts';
import { approval } from '../platform/aggregates/approval.ts';
import { killSwitch } from '../platform/aggregates/kill-switch.ts';
import { order } from '../platform/aggregates/order.ts';
import { transfer } from '../platform/aggregates/transfer.ts';
import { webhook } from '../platform/aggregates/webhook.ts';
import { venueReport } from '../platform/aggregates/venue-report.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { Aggregate } from '../platform/command-handler/aggregate.ts';
import { CommandHandler } from '../platform/command-handler/command-handler.ts';
import { ConsumerRegistry } from '../platform/consumer/registry.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import type { HotConfig } from '../platform/hot-config/port.ts';
import { StoredKillSwitch } from '../platform/kill-switch/stored-kill-switch.ts';
import { KeyRing } from '../platform/keys/key-ring.ts';
import type { Random } from '../platform/random/random.ts';
import { RateLimiter } from '../platform/rate-limits/rate-limiter.ts';
import { referencePrice } from '../platform/reference-prices/aggregate.ts';
import { ReferencePrices } from '../platform/reference-prices/reference-prices.ts';
import { VenueReporting } from '../platform/reporting/venue-reporting.ts';
import type { BreachBook } from '../platform/surveillance/port.ts';
import type { Telemetry } from '../platform/telemetry/port.ts';
import type { OwnMarket } from '../platform/venue/own-market.ts';
import { MarketBoard } from '../platform/market-data/market-board.ts';
import type { ViewReader } from '../platform/views/port.ts';
import type { WebhookHandler } from '../platform/webhooks/subscriptions.ts';
import type { Webhooks } from '../platform/webhooks/webhooks.ts';
import type { Dependencies } from './dependencies.ts';
import { StreamSlots } from './streams/stream-slots.ts';

export type ComposeWebhooks = (
  handler: WebhookHandler,
  around: Omit<Dependencies, 'market' | 'webhooks'>,
) => Webhooks;

/** What differs between deployables: where things are kept and said. */
export interface Foundations {
  readonly cell: string;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly config: HotConfig;
  readonly telemetry: Telemetry;
  readonly requestLogEvery: number;
  readonly views: ViewReader;
  readonly accountFeed: FeedReader;
  readonly surveillance: BreachBook;
  readonly webhooks: ComposeWebhooks;
  /** Absent: there is no market of our own here. */
  readonly market?: (dependencies: Omit<Dependencies, 'market'>) => OwnMarket;
}

/** One command handler per aggregate and process, and what is built on them. */
export function composeDependencies(foundations: Foundations): Dependencies {
  const { cell, store, clock, random, telemetry } = foundations;
  const onQuarantine = (stream: string, error: Error) =>
    telemetry.log.error(
      'stream quarantined: nothing more is decided on it until somebody has looked',
      error,
      {
        stream,
      },
    );
  const quarantines: (() => number)[] = [];
  const handlerOf = <Command, State, Event extends DomainEvent>(
    aggregate: Aggregate<Command, State, Event>,
  ) => {
    const handler = new CommandHandler({ aggregate, store, clock, random, cell, onQuarantine });
    quarantines.push(() => handler.quarantined.length);
    return handler;
  };
  telemetry.metrics.gauge('streams_quarantined', {}, () => sumOf(quarantines));
  const orders = handlerOf(order);
  const { market, webhooks, ...shared } = foundations;
  const dependencies = {
    ...shared,
    consumers: new ConsumerRegistry(),
    marketBoard: market && new MarketBoard(),
    streamSlots: new StreamSlots(telemetry.metrics),
    keys: new KeyRing(handlerOf(apiKey), clock, cell),
    rateLimiter: new RateLimiter(foundations.config, clock),
    orders,
    accounts: handlerOf(account),
    transfers: handlerOf(transfer),
    approvals: handlerOf(approval),
    killSwitch: new StoredKillSwitch({ store, clock, cell, handler: handlerOf(killSwitch) }),
    reporting: new VenueReporting({ orders, reports: handlerOf(venueReport), store }),
    prices: new ReferencePrices({ store, clock, handler: handlerOf(referencePrice) }),
  };
  const notified = { ...dependencies, webhooks: webhooks(handlerOf(webhook), dependencies) };
  return { ...notified, market: market?.(notified) };
}

function sumOf(counts: readonly (() => number)[]): number {
  return counts.reduce((sum, count) => sum + count(), 0);
}
