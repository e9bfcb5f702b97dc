import type { Side } from '../../domain/order/terms.ts';
import type { Currency } from '../../domain/values/money.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { EffectStore, Parking } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Activity, ActivityType } from './activity.ts';
import type { OrderRow } from './order-row.ts';
import type { ViewEffect } from './projection.ts';

/** Alpaca lists 50 orders unless told otherwise, and 500 at most. */
export const ordersDefault = 50;
export const ordersMax = 500;
/** More symbols than any client asks for at once. */
export const symbolsMax = 100;

/** What `GET /v2/orders` asks: orders of one account, by when they were submitted, then by id. */
export interface OrderQuery {
  readonly accountId: string;
  readonly status: 'open' | 'closed' | 'all';
  /** At most `symbolsMax`; absent: all. */
  readonly symbols?: readonly string[];
  readonly side?: Side;
  /** Submitted after, and before: both exclusive. */
  readonly after?: Timestamp;
  readonly until?: Timestamp;
  readonly direction: 'asc' | 'desc';
  /** 1 to `ordersMax`. */
  readonly limit: number;
}

/** Alpaca pages activities by 100 unless told otherwise, and by no more. */
export const activitiesMax = 100;

/** What `GET /v2/account/activities` asks: what moved one account's cash and shares, by id, which is by time. */
export interface ActivityQuery {
  readonly accountId: string;
  /** Absent: all. */
  readonly types?: readonly ActivityType[];
  /** Happened after, and before: both exclusive. */
  readonly after?: Timestamp;
  readonly until?: Timestamp;
  readonly direction: 'asc' | 'desc';
  /** 1 to `activitiesMax`. */
  readonly limit: number;
  /** The id that the page before ended with, whatever the direction. Any text is allowed: it is only compared. */
  readonly pageToken?: string;
}

/** What trades in one symbol come to: exact decimal texts, average cost, before fees. */
export interface PositionRow {
  readonly accountId: string;
  readonly symbol: string;
  readonly currency: Currency;
  /** Bought minus sold. What the account holds may differ: shares also come and go by transfer. */
  readonly quantity: string;
  readonly costBasis: string;
  /** Nine decimals, rounded half up; absent when the quantity is zero. */
  readonly averageEntryPrice?: string;
  readonly realizedProfit: string;
  readonly lastTrade?: {
    readonly orderId: string;
    readonly executionId: string;
    readonly side: Side;
    readonly quantity: string;
    readonly price: string;
    readonly at: Timestamp;
  };
}

/** Which open orders of every account, for what the cell does by itself. */
export interface OpenOrdersQuery {
  /** Only the stop losses that watch this symbol's price. */
  readonly armedIn?: string;
  /** Only those that the clock may move at any moment (`isTimed`). Not together with `armedIn`. */
  readonly timed?: true;
  /** Where the page before ended: its `next`. */
  readonly after?: string;
  /** 1 to `ordersMax`. */
  readonly limit: number;
}

export interface OpenOrdersPage {
  readonly rows: readonly OrderRow[];
  /** Absent: this was the last page. A page may be empty and not the last. */
  readonly next?: string;
}

/** What the lists are read from. Behind the log by as long as its consumer is: never decide on it. */
export interface ViewReader {
  orders(query: OrderQuery, deadline: Deadline): Promise<readonly OrderRow[]>;
  /** Every account with an open order, each once, in no order: for who has to reach all of them. */
  openAccounts(deadline: Deadline): Promise<readonly string[]>;
  /** One read, whatever number of trades. Undefined when nothing was ever traded. */
  position(accountId: string, symbol: string, deadline: Deadline): Promise<PositionRow | undefined>;
  /** By symbol. Flat ones are included: they have a profit. */
  positions(accountId: string, deadline: Deadline): Promise<readonly PositionRow[]>;
  activities(query: ActivityQuery, deadline: Deadline): Promise<readonly Activity[]>;
  /** In an order of the store's own, which does not change: an order that stays open is on exactly one page. */
  openOrders(query: OpenOrdersQuery, deadline: Deadline): Promise<OpenOrdersPage>;
}

/** The views with what keeps them. */
export interface Views extends ViewReader, EffectStore<ViewEffect>, Parking {
  /** Deletes everything that can be built from the log again, cursors included; what is parked stays. */
  clear(deadline: Deadline): Promise<void>;
}
