import { account } from '../platform/aggregates/account.ts';
import { approval } from '../platform/aggregates/approval.ts';
import { killSwitch } from '../platform/aggregates/kill-switch.ts';
import { order } from '../platform/aggregates/order.ts';
import { transfer } from '../platform/aggregates/transfer.ts';
import { venueReport } from '../platform/aggregates/venue-report.ts';
import { webhook } from '../platform/aggregates/webhook.ts';
import { ConsumerRegistry } from '../platform/consumer/registry.ts';
import { StoredKillSwitch } from '../platform/kill-switch/stored-kill-switch.ts';
import { LedBooks } from '../platform/market-data/led-books.ts';
import { MarketBoard } from '../platform/market-data/market-board.ts';
import { noMarketData } from '../platform/market-data/port.ts';
import { referencePrice } from '../platform/reference-prices/aggregate.ts';
import { ReferencePrices } from '../platform/reference-prices/reference-prices.ts';
import { VenueReporting } from '../platform/reporting/venue-reporting.ts';
import type { OwnMarket } from '../platform/venue/own-market.ts';
import { ownTradesOf } from '../platform/venue/undo.ts';
import type { WebhookHandler } from '../platform/webhooks/subscriptions.ts';
import type { Webhooks } from '../platform/webhooks/webhooks.ts';
import { doorOf, type Foundations, layGround } from './compose-ground.ts';
import type { Dependencies, Ground, Reach } from './dependencies.ts';
import { StreamSlots } from './streams/stream-slots.ts';

/** What differs between processes that do everything. */
export interface Everything extends Foundations, Pick<Reach, 'views' | 'accountFeed' | 'surveillance'> {
  readonly webhooks: (handler: WebhookHandler, around: Omit<Unmarketed, 'webhooks'>) => Webhooks;
  /** Absent: there is no market of our own here. */
  readonly market?: (dependencies: Unmarketed) => OwnMarket;
}

type OfMarket = 'market' | 'ownTrades' | 'marketBoard' | 'marketData';
type Unmarketed = Omit<Dependencies, OfMarket>;

/** All that any function reaches, for a process that is all functions at once. One that is one function: see `functions/lambda`. */
export function composeDependencies(everything: Everything): Dependencies {
  const { market, webhooks, views, accountFeed, surveillance, ...foundations } = everything;
  const grounded = layGround(foundations);
  const { handlerOf } = grounded;
  const ground = doorOf(grounded);
  const { store, telemetry } = ground;
  const orders = handlerOf(order);
  const dependencies = {
    ...ground,
    views,
    accountFeed,
    surveillance,
    consumers: new ConsumerRegistry(),
    streamSlots: new StreamSlots(telemetry.metrics),
    orders,
    accounts: handlerOf(account),
    transfers: handlerOf(transfer),
    approvals: handlerOf(approval),
    killSwitch: new StoredKillSwitch({ ...ground, handler: handlerOf(killSwitch) }),
    reporting: new VenueReporting({ orders, reports: handlerOf(venueReport), store }),
    prices: new ReferencePrices({ ...ground, handler: handlerOf(referencePrice) }),
  };
  const notified = { ...dependencies, webhooks: webhooks(handlerOf(webhook), dependencies) };
  return { ...notified, ...shownBy(market?.(notified), ground) };
}

function shownBy(
  market: OwnMarket | undefined,
  { clock, store }: Pick<Ground, 'clock' | 'store'>,
): Pick<Reach, OfMarket> {
  if (!market) return { market, ownTrades: undefined, marketBoard: undefined, marketData: noMarketData };
  const marketBoard = new MarketBoard();
  return {
    market,
    ownTrades: ownTradesOf(market.venue, store),
    marketBoard,
    marketData: new LedBooks(marketBoard, market.venue, clock),
  };
}
