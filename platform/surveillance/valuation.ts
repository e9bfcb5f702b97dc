import { formatExact, parseExact, unitScale, valueScale } from '../views/exact.ts';
import type { HoldingChange } from './effect.ts';
import type { InstrumentFigures, Mark } from './figures.ts';

/** Where and when a commit was: the later of two prices is the same whichever came first. */
export interface When {
  readonly day: string;
  readonly at: number;
  readonly place: string;
}

/** The figures with one more change, which may belong to a day that is over. */
export function changed(before: InstrumentFigures, change: HoldingChange, when: When): InstrumentFigures {
  const figures = when.day > before.day ? begun(before, when.day) : before;
  const mark = later(figures.mark, change.tradePrice, when);
  const reference = later(figures.reference, change.referencePrice, when);
  const known = { ...(mark && { mark }), ...(reference && { reference }) };
  const working = sum(figures.working, change.working, valueScale);
  if (when.day < figures.day) {
    const baseMark = later(figures.baseMark, change.tradePrice, when);
    const base = [change.traded, change.moved].reduce((all, one) => sum(all, one, unitScale), figures.base);
    return { ...figures, ...known, ...(baseMark && { baseMark }), base, working };
  }
  return {
    ...figures,
    ...known,
    working,
    traded: sum(figures.traded, change.traded, unitScale),
    moved: sum(figures.moved, change.moved, unitScale),
    cash: sum(figures.cash, change.cash, valueScale),
  };
}

/** What was held when the day before ended is what this day begins with, at the price it had then. */
function begun(before: InstrumentFigures, day: string): InstrumentFigures {
  const { mark } = before;
  const base = formatExact(held(before), unitScale);
  return { ...before, day, base, traded: '0', moved: '0', cash: '0', ...(mark && { baseMark: mark }) };
}

function later(known: Mark | undefined, price: string | undefined, { at, place }: When): Mark | undefined {
  if (price === undefined) return known;
  const isLater = !known || at > known.at || (at === known.at && place > known.place);
  return isLater ? { price, at, place } : known;
}

export function held({ base, traded, moved }: InstrumentFigures): bigint {
  return [base, traded, moved].reduce((all, one) => all + parseExact(one, unitScale), 0n);
}

/** The last price of its own; 0 while there was none, not even a reference price. */
function markOf({ mark, reference }: InstrumentFigures): bigint {
  return parseExact((mark ?? reference)?.price ?? '0', unitScale);
}

/** Asked for by every rule, and of what was before each change too: worked out once. */
const exposures = new WeakMap<InstrumentFigures, bigint>();
const profits = new WeakMap<InstrumentFigures, bigint>();

function onceFor(
  known: WeakMap<InstrumentFigures, bigint>,
  figures: InstrumentFigures,
  workOut: (figures: InstrumentFigures) => bigint,
): bigint {
  const found = known.get(figures);
  if (found !== undefined) return found;
  const value = workOut(figures);
  known.set(figures, value);
  return value;
}

/** What is held at the last price, and what working buys can cost at worst. */
export function exposureOf(figures: InstrumentFigures): bigint {
  return onceFor(exposures, figures, exposure);
}

function exposure(figures: InstrumentFigures): bigint {
  const shares = held(figures);
  return (shares > 0n ? shares : 0n) * markOf(figures) + parseExact(figures.working, valueScale);
}

/**
 * What the figures' day has brought: what was received minus paid, and what is held at the last price minus what was held when the day
 * began at the price of then. That is what the day realized and what it left unrealized, in one; no cost basis has to be known for
 * it, which would depend on the order in which trades arrive. Shares moved since count as if they had been there before.
 */
export function profitOf(figures: InstrumentFigures): bigint {
  return onceFor(profits, figures, profit);
}

function profit(figures: InstrumentFigures): bigint {
  const { base, traded, moved, cash, mark, baseMark } = figures;
  const now = parseExact(mark?.price ?? '0', unitScale);
  const then = parseExact((baseMark ?? mark)?.price ?? '0', unitScale);
  const before = parseExact(base, unitScale) + parseExact(moved, unitScale);
  return parseExact(cash, valueScale) + parseExact(traded, unitScale) * now + before * (now - then);
}

function sum(one: string, other: string, scale: number): string {
  if (other === '0') return one;
  return formatExact(parseExact(one, scale) + parseExact(other, scale), scale);
}
