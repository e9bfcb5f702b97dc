import type { Currency } from '../../domain/values/money.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { VersionedConfig } from '../hot-config/port.ts';
import type { SurveillanceLimits, SurveillanceSection } from '../hot-config/schema.ts';

/** What is watched, and under which version of the config. Data only: it goes from process to process. */
export interface Watch {
  readonly version: string;
  readonly dayTimeZone: string;
  /** Absent: nothing is. */
  readonly section?: SurveillanceSection;
}

/** Nobody has said yet what to watch. */
export const nothingWatched: Watch = { version: '', dayTimeZone: 'UTC' };

/** Asked for each batch of commits, so that a change of the config counts from the next one on. */
export type WatchInForce = () => Watch;

export function watchOf({ version, config }: Pick<VersionedConfig, 'version' | 'config'>): Watch {
  const { dayTimeZone, surveillance: section } = config.document;
  return { version, dayTimeZone, ...(section && { section }) };
}

export function limitsFor({ section }: Watch, accountId: string): SurveillanceLimits {
  return section ? { ...section.default, ...section.byAccount[accountId] } : {};
}

export const kindsWatched = [
  'message_rate',
  'repeated_executions',
  'repeated_refusals',
  'exposure',
  'instrument_exposure',
  'day_loss',
] as const;
export type KindWatched = (typeof kindsWatched)[number];

/** `soft` warns; `hard` halts the account, or stops the strategy. */
export type BreachLevel = 'soft' | 'hard';

/** A limit that was crossed. The same crossing has the same id, however often it is worked out. */
export interface Breach {
  readonly breachId: string;
  readonly accountId: string;
  readonly watched: KindWatched;
  readonly level: BreachLevel;
  readonly symbol?: string;
  readonly strategyId?: string;
  readonly currency?: Currency;
  /** In the limit's unit: a count, or an amount of `currency`. */
  readonly limit: string;
  readonly observed: string;
  /** Of the config that had the limit. */
  readonly config: string;
  /** The commit that crossed it, and its time. */
  readonly stream: string;
  readonly commitVersion: number;
  readonly at: Timestamp;
}

/** `exposure USD`, `repeated_executions "grid-7"`: what is said of it in a reason. */
export function watchedText({ watched, symbol, strategyId, currency }: Breach): string {
  const about = strategyId === undefined ? symbol : JSON.stringify(strategyId);
  return [watched, about, currency].filter((part) => part !== undefined).join(' ');
}
