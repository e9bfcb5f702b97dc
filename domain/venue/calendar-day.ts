import type { Price } from '../values/price.ts';
import type { Call, MarketInput } from './book-input.ts';
import type { Phase } from './phase.ts';

/** A trading day by the calendar, and how far it is. `closed`: it is over. */
export interface CalendarDay {
  /** `YYYY-MM-DD` where the market is. Later days are greater texts. */
  readonly day: string;
  readonly phase: Phase;
  /** False: around the clock. */
  readonly closes: boolean;
}

/** How far a book is. No day: it was never led by a calendar. */
export interface BookDay {
  readonly day?: string;
  readonly phase: Phase;
  readonly isHalted: boolean;
}

export interface PhaseChanges {
  /** Everybody who queued for the opening has had the time to enter. */
  readonly mayOpen: boolean;
  readonly referencePrice: Price;
}

type Step = Extract<MarketInput, { input: 'begin-call' | 'uncross' | 'end-day' }>;

const places: Readonly<Record<Phase, number>> = {
  opening_call: 0,
  continuous: 1,
  closing_call: 2,
  closed: 3,
};

/**
 * What brings a book to where the calendar is, in the order in which it should have happened: a day that was left open is closed with its
 * auction before the next is called. A day that nobody saw anything of is only ended. Never back: a clock that was set back changes nothing.
 * A halt delays an opening, and lets a day end without an auction.
 */
export function stepsTo(target: CalendarDay, book: BookDay, changes: PhaseChanges): readonly Step[] {
  if (!target.closes && book.phase === 'continuous') return [];
  const day = book.day ?? (book.phase === 'closed' ? undefined : target.day);
  if (!target.closes && day !== undefined && day >= target.day) return reopening(book, changes);
  if (day !== undefined && day > target.day) return [];
  if (day === target.day) return stepsWithin(target, book, changes);
  const before = day === undefined ? [] : closing(day, book, changes);
  if (target.phase === 'closed') return [...before, { input: 'end-day', day: target.day }];
  const called: BookDay = { ...book, day: target.day, phase: 'opening_call' };
  return [
    ...before,
    { input: 'begin-call', call: 'opening_call', day: target.day },
    ...stepsWithin(target, called, changes),
  ];
}

/** A book that still keeps a day, which trades around the clock by now: no close or opening of that day is waited for. */
function reopening({ phase, isHalted }: BookDay, { mayOpen, referencePrice }: PhaseChanges): readonly Step[] {
  const auctionOf = (call: Call): Step => ({ input: 'uncross', call, referencePrice });
  if (phase === 'closing_call' && isHalted) return [];
  const mayTrade = !isHalted && mayOpen;
  return [
    ...(phase === 'closing_call' ? [auctionOf('closing_call')] : []),
    ...(phase === 'opening_call' ? [] : [{ input: 'begin-call', call: 'opening_call' } as const]),
    ...(mayTrade ? [auctionOf('opening_call')] : []),
  ];
}

function stepsWithin(target: CalendarDay, book: BookDay, changes: PhaseChanges): readonly Step[] {
  const { day } = target;
  if (target.phase === 'closed') return closing(day, book, changes);
  if (places[target.phase] <= places[book.phase]) return [];
  const steps: Step[] = [];
  if (book.phase === 'opening_call') {
    if (book.isHalted || !changes.mayOpen) return [];
    steps.push({ input: 'uncross', call: 'opening_call', referencePrice: changes.referencePrice, day });
  }
  if (target.phase === 'closing_call') steps.push({ input: 'begin-call', call: 'closing_call', day });
  return steps;
}

function closing(
  day: string,
  { phase, isHalted }: BookDay,
  { referencePrice }: PhaseChanges,
): readonly Step[] {
  if (phase === 'closed') return [];
  if (isHalted) return [{ input: 'end-day', day }];
  const auctionOf = (call: Call): Step => ({ input: 'uncross', call, referencePrice, day });
  return [
    ...(phase === 'opening_call' ? [auctionOf('opening_call')] : []),
    ...(phase === 'closing_call' ? [] : [{ input: 'begin-call', call: 'closing_call', day } as const]),
    auctionOf('closing_call'),
  ];
}
