import type { Currency } from '../../domain/values/money.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import { storedJson } from '../event-store/stored-text.ts';
import type { Counts } from './counts.ts';

/** When somebody was last stopped and last let go: both only ever grow. */
export interface Standing {
  readonly stoppedAt: number;
  readonly freeAt: number;
}

export const free: Standing = { stoppedAt: 0, freeAt: 0 };

export function isStopped({ stoppedAt, freeAt }: Standing): boolean {
  return stoppedAt > freeAt;
}

/** What an account comes to in one currency: exact decimals. */
export interface MoneyFigures {
  /** Of all instruments: what is held at its last price, and working buys at worst. */
  readonly exposure: string;
  /** Of `AccountFigures.day`: negative is a loss. */
  readonly profit: string;
}

/** All of them bounded, however long an account trades. */
export interface AccountFigures {
  readonly kind: 'account';
  readonly messages: Counts;
  readonly refusals: Counts;
  readonly standing: Standing;
  /** `YYYY-MM-DD`: the latest trading day anything happened on; empty before the first. */
  readonly day: string;
  readonly money: Readonly<Partial<Record<Currency, MoneyFigures>>>;
}

export interface StrategyFigures {
  readonly kind: 'strategy';
  readonly strategyId: string;
  readonly executions: Counts;
  readonly standing: Standing;
}

/** A price, and what decides which of two is the later one. */
export interface Mark {
  readonly price: string;
  readonly at: number;
  readonly place: string;
}

export interface InstrumentFigures {
  readonly kind: 'instrument';
  readonly symbol: string;
  readonly currency: Currency;
  /** The latest trading day anything happened on. */
  readonly day: string;
  /** Shares when the day began; those traded and moved by transfer since. */
  readonly base: string;
  readonly traded: string;
  readonly moved: string;
  /** Received minus paid since the day began, fees included. */
  readonly cash: string;
  readonly working: string;
  /** Price of the latest execution of the account's own, and of the latest before the day began. */
  readonly mark?: Mark;
  readonly baseMark?: Mark;
  /** Used while nothing was ever executed. */
  readonly reference?: Mark;
}

export type Figures = AccountFigures | StrategyFigures | InstrumentFigures;

/** What figures are kept under, within their account. */
export const accountName = 'account';
export const strategyName = (strategyId: string): string => `strategy ${strategyId}`;
export const instrumentName = (symbol: string, currency: Currency): string =>
  `instrument ${symbol} ${currency}`;

export function nameOf(figures: Figures): string {
  switch (figures.kind) {
    case 'account':
      return accountName;
    case 'strategy':
      return strategyName(figures.strategyId);
    case 'instrument':
      return instrumentName(figures.symbol, figures.currency);
  }
}

export const noAccountFigures: AccountFigures = {
  kind: 'account',
  messages: [],
  refusals: [],
  standing: free,
  day: '',
  money: {},
};

export function noStrategyFigures(strategyId: string): StrategyFigures {
  return { kind: 'strategy', strategyId, executions: [], standing: free };
}

export function noInstrumentFigures(symbol: string, currency: Currency): InstrumentFigures {
  const nothing = { base: '0', traded: '0', moved: '0', cash: '0', working: '0' };
  return { kind: 'instrument', symbol, currency, day: '', ...nothing };
}

/** What was stored as JSON text. The consumer's name vouches for its shape. */
export function storedFigures(text: unknown): Figures {
  const value = storedJson(text, 'figures of an account');
  if (!isFigures(value)) throw new CorruptCommit('surveillance holds something that is no figures');
  return value;
}

function isFigures(value: unknown): value is Figures {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
