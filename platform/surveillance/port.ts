import type { Timestamp } from '../../domain/values/time.ts';
import type { EffectStore, Parking } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { SurveillanceEffect } from './effect.ts';
import type { Figures } from './figures.ts';
import type { Breach } from './watch.ts';

/**
 * What was done about a breach.
 * - `warned`: a soft limit; somebody was told.
 * - `account_halted`: by this breach; its working orders were asked to end.
 * - `already_halted`: by somebody else before; its working orders were asked to end all the same.
 * - `looked_at`: people let the account go on after it happened; nothing was done.
 * - `account_closed`: there was nothing left to stop.
 * - `strategy_stopped`, `already_stopped`: no order of the strategy is taken until a person re-enables it.
 */
export const breachOutcomes = [
  'warned',
  'account_halted',
  'already_halted',
  'looked_at',
  'account_closed',
  'strategy_stopped',
  'already_stopped',
] as const;
export type BreachOutcome = (typeof breachOutcomes)[number];

export interface Settlement {
  readonly outcome: BreachOutcome;
  readonly at: Timestamp;
  /** Orders asked to end. */
  readonly canceled?: number;
}

/** Without a settlement it is still to be acted on. */
export interface BreachRecord extends Breach {
  readonly settled?: Settlement;
}

/** Breaches read at once. */
export const breachesMax = 100;
/** Figures of one account read at once: its own, then its instruments' and strategies'. */
export const figuresMax = 1_000;

export interface BreachQuery {
  /** Absent: of all accounts. */
  readonly accountId?: string;
  /** Where the page before ended: the place of its last breach. */
  readonly before?: string;
  /** 1 to `breachesMax`. */
  readonly limit: number;
}

/** What `placeOf` gives. */
export const breachPlace = /^\d{16}-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Names a breach's place in the list: later ones are greater. Also what a page token is. */
export function placeOf({ at, breachId }: Pick<Breach, 'at' | 'breachId'>): string {
  return `${String(at).padStart(16, '0')}-${breachId}`;
}

/** Behind the log by as long as the consumer is. */
export interface SurveillanceReader {
  /** Of one account, at most `figuresMax`; empty where nothing ever happened. */
  figures(accountId: string, deadline: Deadline): Promise<readonly Figures[]>;
  /** The newest first. */
  breaches(query: BreachQuery, deadline: Deadline): Promise<readonly BreachRecord[]>;
  /** Those to be acted on, oldest first, at most `breachesMax`. */
  pending(deadline: Deadline): Promise<readonly BreachRecord[]>;
}

/** What was decided is carried out elsewhere; here is written down what came of it: the first answer stays. */
export interface BreachBook extends SurveillanceReader {
  conclude(breach: BreachRecord, settlement: Settlement, deadline: Deadline): Promise<void>;
}

/** Figures and breaches with what keeps them: a breach is written with the figures that show it, or not at all. */
export interface Surveillance extends BreachBook, EffectStore<SurveillanceEffect>, Parking {}
