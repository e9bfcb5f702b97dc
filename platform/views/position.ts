import { assert } from '../../domain/values/assert.ts';
import type { Currency } from '../../domain/values/money.ts';
import { formatExact, magnitude, parseExact, unitScale, valueScale } from './exact.ts';
import { byPlace, inOrder, timesOf, type Trade, type TradeChange } from './trade.ts';

/**
 * Average cost, as exact decimal texts. `quantity` and `cost` are negative when more was sold than bought here (shares that came
 * by transfer have no trade). `realized` is profit before fees.
 */
export interface Basis {
  readonly quantity: string;
  readonly cost: string;
  readonly realized: string;
}

/**
 * What an account's trades in one symbol come to. The latest trades are kept apart from what is folded already, so that a trade
 * that arrives a little late costs no reads. One that is later is put off, since a rebuild brings nothing but such trades; what
 * is undone is worked out from all trades at once.
 */
export interface Position {
  readonly accountId: string;
  readonly symbol: string;
  readonly currency: Currency;
  /** Counts the writes of this position. */
  readonly revision: number;
  /** Of all trades before `recent`. */
  readonly base: Basis;
  readonly recent: readonly Trade[];
  readonly basis: Basis;
  /** A trade is stored that belongs before the latest ones: the rest is as it was without it until it is worked out anew. */
  readonly isStale?: true;
}

/** Trades to write and to delete, and what the position then is. */
export interface PositionChange {
  readonly position: Position;
  readonly puts: readonly Trade[];
  readonly deletes: readonly Trade[];
}

export const recentMax = 8;
const flat: Basis = { quantity: '0', cost: '0', realized: '0' };

/** Released cost is rounded towards zero at nine decimals; what is cut off stays with the rest, so nothing is lost. */
const roundingUnit = 10n ** BigInt(valueScale - 9);

export function emptyPosition({ accountId, symbol, currency }: TradeChange): Position {
  return { accountId, symbol, currency, revision: 0, base: flat, recent: [], basis: flat };
}

/** The position after any changes. `all` reads its trades as they were stored before. */
export function changedPosition(
  before: Position,
  changes: readonly TradeChange[],
  hasLater: (trade: Trade) => boolean,
  all: () => readonly Trade[],
): PositionChange {
  return (
    withTrades(before, changes, hasLater) ?? putOff(before, changes) ?? recomputed(before, all(), changes)
  );
}

/** Trades that were made are only stored; undefined where something is undone. */
export function putOff(before: Position, changes: readonly TradeChange[]): PositionChange | undefined {
  const puts = changes.map(madeTrade).filter((trade) => trade !== undefined);
  if (puts.length < changes.length) return undefined;
  return { position: { ...before, revision: before.revision + 1, isStale: true }, puts, deletes: [] };
}

/**
 * The position after trades that were made, where the latest trades are enough to know; undefined where all of them are needed:
 * something is undone, or a trade belongs before the latest ones. `hasLater`: whether a trade later in the same venue stream is
 * stored; asked only where the latest trades cannot tell.
 */
export function withTrades(
  before: Position,
  changes: readonly TradeChange[],
  hasLater: (trade: Trade) => boolean,
): PositionChange | undefined {
  const puts: Trade[] = [];
  if (before.isStale) return undefined;
  let { recent, base } = before;
  const isUnbounded = recent.length === 0 && before.revision > 0;
  for (const change of changes) {
    const trade = madeTrade(change);
    if (!trade || isUnbounded) return undefined;
    if (isBeforeAll(recent, trade) || (!isBehindOneOf(recent, trade) && hasLater(trade))) return undefined;
    const [first] = recent;
    recent = inOrder([...recent, trade]);
    if (first && recent[0] !== first) return undefined;
    puts.push(trade);
    while (recent.length > recentMax) {
      const [oldest, ...rest] = recent;
      if (oldest) base = afterTrade(base, oldest);
      recent = rest;
    }
  }
  const basis = recent.reduce(afterTrade, base);
  return { position: { ...before, revision: before.revision + 1, base, recent, basis }, puts, deletes: [] };
}

/** Then it may move trades to before some that are folded already. */
function isBeforeAll(recent: readonly Trade[], trade: Trade): boolean {
  const times = timesOf(recent);
  const [first] = recent;
  return first !== undefined && trade.at < (times.get(first) ?? first.at);
}

/** Then nothing later in its venue stream can be among the trades folded already. */
export function isBehindOneOf(recent: readonly Trade[], trade: Trade): boolean {
  return recent.some((one) => one.place.stream === trade.place.stream && byPlace(one, trade) < 0);
}

/** The position after any changes, from all its trades as they were stored before. */
export function recomputed(
  before: Position,
  stored: readonly Trade[],
  changes: readonly TradeChange[],
): PositionChange {
  const trades = new Map(stored.map((trade) => [keyOf(trade), trade]));
  const puts = new Map<string, Trade>();
  const deletes = new Map<string, Trade>();
  for (const change of changes) {
    const undone = change.undone === undefined ? undefined : found(trades, change, change.undone);
    const made = undone && change.made ? { ...undone, ...change.made } : madeTrade(change);
    if (undone) {
      trades.delete(keyOf(undone));
      puts.delete(keyOf(undone));
      deletes.set(keyOf(undone), undone);
    }
    if (made) {
      trades.set(keyOf(made), made);
      puts.set(keyOf(made), made);
      deletes.delete(keyOf(made));
    }
  }
  return {
    position: { ...positionOf(before, [...trades.values()]), revision: before.revision + 1 },
    puts: [...puts.values()],
    deletes: [...deletes.values()],
  };
}

function positionOf({ isStale: _dropped, ...whose }: Position, trades: readonly Trade[]): Position {
  const ordered = inOrder(trades);
  const cut = Math.max(0, ordered.length - recentMax);
  const base = ordered.slice(0, cut).reduce(afterTrade, flat);
  const recent = ordered.slice(cut);
  return { ...whose, base, recent, basis: recent.reduce(afterTrade, base) };
}

/** The trade's identity for as long as it stands: where the venue said it, and whose side of it. */
export function keyOf({ place, orderId }: Trade): string {
  return `${place.stream} ${place.version} ${place.index} ${orderId}`;
}

function found(
  trades: ReadonlyMap<string, Trade>,
  { orderId, undoneIn }: TradeChange,
  executionId: string,
): Trade {
  const named = [...trades.values()].filter(
    (one) => one.orderId === orderId && one.executionId === executionId,
  );
  const trade = named.find(({ place }) => place.stream === undoneIn) ?? named[0];
  assert(trade !== undefined, `execution ${executionId} of order ${orderId} is undone and was never made`);
  return trade;
}

/** The trade a change makes at a place of its own; undefined for a correction, which keeps another's. */
export function madeTrade({ orderId, made }: TradeChange): Trade | undefined {
  if (!made?.place || made.at === undefined) return undefined;
  const { executionId, quantity, price, place, at } = made;
  return { orderId, executionId, place, at, quantity, price };
}

/** One more trade: adds at its price, or closes at average cost; what goes beyond opens the other way. */
export function afterTrade(before: Basis, trade: Trade): Basis {
  const held = parseExact(before.quantity, unitScale);
  const cost = parseExact(before.cost, valueScale);
  const traded = parseExact(trade.quantity, unitScale);
  const price = parseExact(trade.price, unitScale);
  if (held === 0n || held > 0n === traded > 0n)
    return basisOf(held + traded, cost + traded * price, before.realized);
  const closing = magnitude(traded) < magnitude(held) ? traded : -held;
  const released = closing === -held ? -cost : rounded((cost * closing) / magnitude(held), held);
  const realized = parseExact(before.realized, valueScale) + released - closing * price;
  const opening = traded - closing;
  const left = opening === 0n ? cost + released : opening * price;
  return basisOf(held + traded, left, formatExact(realized, valueScale));
}

/** `released` has the sign opposite to the position's. */
function rounded(share: bigint, held: bigint): bigint {
  const value = (magnitude(share) / roundingUnit) * roundingUnit;
  return held > 0n ? -value : value;
}

function basisOf(quantity: bigint, cost: bigint, realized: string): Basis {
  return { quantity: formatExact(quantity, unitScale), cost: formatExact(cost, valueScale), realized };
}
