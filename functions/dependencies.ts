import type { AccountCommand } from '../domain/account/commands.ts';
import type { AccountEvent } from '../domain/account/events.ts';
import type { AccountState } from '../domain/account/state.ts';
import type { ApprovalCommand } from '../domain/approval/commands.ts';
import type { ApprovalEvent } from '../domain/approval/events.ts';
import type { ApprovalState } from '../domain/approval/state.ts';
import type { OrderCommand } from '../domain/order/commands.ts';
import type { OrderEvent } from '../domain/order/events.ts';
import type { OrderState } from '../domain/order/state.ts';
import type { TransferCommand } from '../domain/transfer/commands.ts';
import type { TransferEvent } from '../domain/transfer/events.ts';
import type { TransferState } from '../domain/transfer/state.ts';
import type { FeedReader } from '../platform/account-feed/port.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { CommandHandler } from '../platform/command-handler/command-handler.ts';
import type { ConsumerRegistry } from '../platform/consumer/registry.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import type { HotConfig } from '../platform/hot-config/port.ts';
import type { StoredKillSwitch } from '../platform/kill-switch/stored-kill-switch.ts';
import type { KeyRing } from '../platform/keys/key-ring.ts';
import type { RateLimiter } from '../platform/rate-limits/rate-limiter.ts';
import type { Random } from '../platform/random/random.ts';
import type { ReferencePrices } from '../platform/reference-prices/reference-prices.ts';
import type { VenueReporting } from '../platform/reporting/venue-reporting.ts';
import type { MarketBoard } from '../platform/market-data/market-board.ts';
import type { MarketData } from '../platform/market-data/port.ts';
import type { OwnMarket } from '../platform/venue/own-market.ts';
import type { OwnTrades } from '../platform/venue/undo.ts';
import type { BreachBook } from '../platform/surveillance/port.ts';
import type { Telemetry } from '../platform/telemetry/port.ts';
import type { Webhooks } from '../platform/webhooks/webhooks.ts';
import type { ViewReader } from '../platform/views/port.ts';
import type { StreamSlots } from './streams/stream-slots.ts';

/** What every function stands on. Made once per process by its composition root. */
export interface Ground {
  readonly cell: string;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly config: HotConfig;
  readonly telemetry: Telemetry;
  /** Every how manieth answer below 400 gets a line in the log; refusals and failures always do. */
  readonly requestLogEvery: number;
}

/** What whoever comes in from outside passes, beside the ground: who that is, and how often they may. */
export interface Door extends Ground {
  readonly keys: KeyRing;
  readonly rateLimiter: RateLimiter;
}

/** What only some functions reach: each says which, and its entry cannot be composed without. */
export interface Reach {
  readonly orders: CommandHandler<OrderCommand, OrderState, OrderEvent>;
  readonly accounts: CommandHandler<AccountCommand, AccountState, AccountEvent>;
  readonly transfers: CommandHandler<TransferCommand, TransferState, TransferEvent>;
  readonly approvals: CommandHandler<ApprovalCommand, ApprovalState, ApprovalEvent>;
  readonly reporting: VenueReporting;
  readonly prices: ReferencePrices;
  readonly views: ViewReader;
  readonly surveillance: BreachBook;
  /** What happened to each account's orders, numbered: for streams, webhooks, and who missed something. */
  readonly accountFeed: FeedReader;
  readonly killSwitch: StoredKillSwitch;
  /** What our own books show of themselves; undefined where there are none in this process. */
  readonly marketBoard: MarketBoard | undefined;
  /** The same for whoever asks, also where another process leads the books. */
  readonly marketData: MarketData;
  /** Who has streams open in this process. */
  readonly streamSlots: StreamSlots;
  /** Our own market; undefined where every order waits for a connector. */
  readonly market: OwnMarket | undefined;
  /** Its trades, for whoever undoes one. */
  readonly ownTrades: OwnTrades | undefined;
  /** What accounts are told of over the network, and how that went. */
  readonly webhooks: Webhooks;
  /** What parks what it cannot process, and what sweeps look after. */
  readonly consumers: ConsumerRegistry;
}

/** What a function stands on that reaches only this much. */
export type Reaching<Names extends keyof Reach> = Ground & Pick<Reach, Names>;

/** All of it, as the embedded cell has it for all functions at once. */
export interface Dependencies extends Door, Reach {}
