import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { price } from '../../../domain/values/price.ts';
import { type BookDay, type CalendarDay, stepsTo } from '../../../domain/venue/calendar-day.ts';
import type { Phase } from '../../../domain/venue/phase.ts';
import { VenueBook } from '../../../domain/venue/venue-book.ts';
import { contract } from '../../support/order.ts';

const changes = { mayOpen: true, referencePrice: price(100) };
const waiting = { ...changes, mayOpen: false };
const monday = '2026-11-23';
const tuesday = '2026-11-24';

function calendar(day: string, phase: Phase): CalendarDay {
  return { day, phase, closes: true };
}

function book(day: string | undefined, phase: Phase, isHalted = false): BookDay {
  return { phase, isHalted, ...(day !== undefined && { day }) };
}

const brief = (...from: Parameters<typeof stepsTo>) =>
  stepsTo(...from).map((step) => `${step.day} ${step.input === 'begin-call' ? step.call : step.input}`);

describe('the calendar leads a book', () => {
  test('through a day in the order of its phases, each once', () => {
    expect(brief(calendar(tuesday, 'opening_call'), book(monday, 'closed'), changes)).toEqual([
      `${tuesday} opening_call`,
    ]);
    expect(brief(calendar(tuesday, 'continuous'), book(tuesday, 'opening_call'), changes)).toEqual([
      `${tuesday} uncross`,
    ]);
    expect(brief(calendar(tuesday, 'closing_call'), book(tuesday, 'continuous'), changes)).toEqual([
      `${tuesday} closing_call`,
    ]);
    expect(brief(calendar(tuesday, 'closed'), book(tuesday, 'closing_call'), changes)).toEqual([
      `${tuesday} uncross`,
    ]);
    expect(brief(calendar(tuesday, 'closed'), book(tuesday, 'closed'), changes)).toEqual([]);
  });

  test('to an opening only once what had queued is in it', () => {
    expect(brief(calendar(tuesday, 'continuous'), book(monday, 'closed'), waiting)).toEqual([
      `${tuesday} opening_call`,
    ]);
    expect(brief(calendar(tuesday, 'continuous'), book(tuesday, 'opening_call'), waiting)).toEqual([]);
  });

  test('over a close that nobody saw before the next open, and does not trade days that nobody saw at all', () => {
    expect(brief(calendar(tuesday, 'continuous'), book(monday, 'continuous'), changes)).toEqual([
      `${monday} closing_call`,
      `${monday} uncross`,
      `${tuesday} opening_call`,
      `${tuesday} uncross`,
    ]);
    expect(brief(calendar(tuesday, 'closed'), book(monday, 'closed'), changes)).toEqual([
      `${tuesday} end-day`,
    ]);
  });

  test('never back, when a clock was set back', () => {
    expect(brief(calendar(monday, 'closed'), book(tuesday, 'continuous'), changes)).toEqual([]);
    expect(brief(calendar(tuesday, 'opening_call'), book(tuesday, 'closing_call'), changes)).toEqual([]);
  });

  test('past a halt: it delays an opening, and a day ends without an auction', () => {
    expect(brief(calendar(tuesday, 'continuous'), book(tuesday, 'opening_call', true), changes)).toEqual([]);
    expect(brief(calendar(tuesday, 'closed'), book(tuesday, 'opening_call', true), changes)).toEqual([
      `${tuesday} end-day`,
    ]);
  });

  test('that was never led by one, and none that trades around the clock', () => {
    expect(brief(calendar(tuesday, 'continuous'), book(undefined, 'continuous'), changes)).toEqual([]);
    expect(brief(calendar(tuesday, 'closed'), book(undefined, 'continuous'), changes)).toEqual([
      `${tuesday} closing_call`,
      `${tuesday} uncross`,
    ]);
    const always = { day: tuesday, phase: 'continuous', closes: false } as const;
    expect(brief(always, book(undefined, 'continuous'), changes)).toEqual([]);
    expect(brief(always, book(monday, 'closed'), changes)).toEqual([
      `${tuesday} opening_call`,
      `${tuesday} uncross`,
    ]);
  });
});

test.each(['closed', 'opening_call', 'continuous', 'closing_call'] as const)(
  'a book that is %s trades at once when its instrument goes over to trading around the clock',
  (phase) => {
    const always = { day: monday, phase: 'continuous', closes: false } as const;
    const led = VenueBook.open(contract, phase, tuesday);
    expect(
      stepsTo(always, book(tuesday, phase, true), changes).some(({ input }) => input === 'uncross'),
    ).toBe(false);
    for (const wait of [waiting, changes]) {
      for (const step of stepsTo(always, book(led.day, led.phase), wait)) led.take(step);
    }
    expect(led.phase).toBe('continuous');
    expect(stepsTo(always, book(led.day, led.phase), changes)).toEqual([]);
    // And by its hours again, should they come back.
    for (const step of stepsTo(calendar(tuesday, 'closed'), book(led.day, led.phase), changes))
      led.take(step);
    expect(led.phase).toBe('closed');
  },
);

test('wherever a book is, the steps bring it to where the calendar is, and a repeat of them changes nothing', () => {
  const phase = fc.constantFrom<Phase>('closed', 'opening_call', 'continuous', 'closing_call');
  const moment = fc.record({ day: fc.constantFrom('2026-11-20', monday, tuesday), phase });
  fc.assert(
    fc.property(fc.array(moment, { minLength: 1, maxLength: 8 }), (moments) => {
      const led = VenueBook.open(contract, 'closed', '2026-11-19');
      for (const { day, phase: wanted } of moments) {
        const from: BookDay = book(led.day, led.phase);
        const steps = stepsTo(calendar(day, wanted), from, changes);
        for (const step of steps) led.take(step);
        const reached = [led.day, led.phase];
        if (steps.length > 0) expect(reached).toEqual([day, wanted]);
        expect(stepsTo(calendar(day, wanted), book(led.day, led.phase), changes)).toEqual([]);
        for (const step of steps) led.take(step);
        expect([led.day, led.phase]).toEqual(reached);
      }
    }),
  );
});
