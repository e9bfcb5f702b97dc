import { assert } from '../../domain/values/assert.ts';
import { timestamp } from '../../domain/values/time.ts';
import { formatExact, parseExact, unitScale } from '../views/exact.ts';
import type { FeedEntry } from './port.ts';
import type { FeedEffect } from './projection.ts';
import type { Update } from './update.ts';

/** Where an account's feed has got. */
export interface FeedHead {
  readonly accountId: string;
  /** Counts the writes. */
  readonly revision: number;
  readonly latest: number;
  /** Of the latest entry; 0 before the first. */
  readonly time: number;
}

/** Shares by symbol, exact decimal texts. */
export type Holdings = ReadonlyMap<string, string>;

export interface Numbered {
  readonly head: FeedHead;
  readonly entries: readonly FeedEntry[];
  /** Those that moved. */
  readonly moved: Holdings;
}

export function emptyHead(accountId: string): FeedHead {
  return { accountId, revision: 0, latest: 0, time: 0 };
}

/** The symbols whose holdings `numbered` has to be given. */
export function symbolsIn(effects: readonly FeedEffect[]): ReadonlySet<string> {
  const changes = effects.flatMap(({ changes: some }) => some);
  return new Set(
    changes.flatMap(({ move, updates }) => [
      ...(move ? [move.symbol] : []),
      ...updates.filter(({ execution }) => execution).map(({ order }) => order.symbol),
    ]),
  );
}

/** Gives the next numbers to what commits of one account mean for it, in the order they are given. */
export function numbered(before: FeedHead, effects: readonly FeedEffect[], held: Holdings): Numbered {
  const moved = new Map<string, string>();
  const quantityOf = (symbol: string) => moved.get(symbol) ?? held.get(symbol) ?? '0';
  const entries: FeedEntry[] = [];
  let { latest, time } = before;
  for (const effect of effects) {
    assert(effect.accountId === before.accountId, 'one account is numbered at a time');
    const { accountId, stream, version, at } = effect;
    time = Math.max(time, at);
    const place = { accountId, at, time: timestamp(time), stream, version };
    let index = 0;
    for (const { move, updates } of effect.changes) {
      if (move) moved.set(move.symbol, sum(quantityOf(move.symbol), move.quantity));
      for (const update of updates) {
        latest += 1;
        entries.push({ ...update, ...place, number: latest, index, ...positionAfter(update, quantityOf) });
        index += 1;
      }
    }
  }
  return { head: { ...before, revision: before.revision + 1, latest, time }, entries, moved };
}

function positionAfter({ execution, order }: Update, quantityOf: (symbol: string) => string) {
  return execution ? { positionQuantity: quantityOf(order.symbol) } : {};
}

function sum(one: string, other: string): string {
  return formatExact(parseExact(one, unitScale) + parseExact(other, unitScale), unitScale);
}
