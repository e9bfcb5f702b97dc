import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timestamp } from '../../../domain/values/time.ts';
import type { SurveillanceSection } from '../../../platform/hot-config/schema.ts';
import { AccountFold } from '../../../platform/surveillance/account-fold.ts';
import type { HoldingChange, SurveillanceEffect } from '../../../platform/surveillance/effect.ts';
import type { Figures } from '../../../platform/surveillance/figures.ts';
import { profitOf } from '../../../platform/surveillance/valuation.ts';
import type { Breach } from '../../../platform/surveillance/watch.ts';
import { formatExact, valueScale } from '../../../platform/views/exact.ts';

const start = Date.parse('2026-11-23T10:00:00Z') * 1_000;
const day = 86_400;
let made = 0;

function effect(seconds: number, change: Partial<SurveillanceEffect> = {}): SurveillanceEffect {
  made += 1;
  const at = timestamp(start + seconds * 1_000_000);
  return { stream: `order-${made}`, version: 1, at, accountId: 'a', ...change };
}

function holding(change: Partial<HoldingChange>): Pick<SurveillanceEffect, 'holding'> {
  const nothing = { traded: '0', moved: '0', cash: '0', working: '0' };
  return { holding: { symbol: 'ACME', currency: 'USD', ...nothing, ...change } };
}

/** So many shares at this price; negative: a sale. */
function trade(shares: number, price: number): Pick<SurveillanceEffect, 'holding'> {
  const cash = String(-shares * price);
  return holding({ traded: String(shares), cash, tradePrice: String(price) });
}

interface Outcome {
  readonly figures: readonly Figures[];
  readonly breaches: readonly Breach[];
}

/** Breaches of the same id once, as every store keeps them. */
function after(
  effects: readonly SurveillanceEffect[],
  limits: SurveillanceSection['default'] = {},
  now = Math.max(...effects.map(({ at }) => at)),
): Outcome {
  const watch = { version: 'v1', dayTimeZone: 'UTC', section: { default: limits, byAccount: {} } };
  const fold = new AccountFold('a', [], { watch, now: timestamp(now) });
  for (const one of effects) fold.apply(one);
  const first = new Map(fold.breaches.toReversed().map((one) => [one.breachId, one]));
  const breaches = fold.breaches.filter((one) => first.get(one.breachId) === one);
  return { figures: fold.figures, breaches };
}

function told({ breaches }: Outcome): readonly string[] {
  return breaches.map(({ watched, level, observed }) => `${watched} ${level} ${observed}`);
}

const messages = (...seconds: readonly number[]) => seconds.map((at) => effect(at, { messages: 1 }));

describe('the message rate', () => {
  const messageRate = { windowSeconds: 10, soft: 2, hard: 3 };

  test('is what was sent within any window, wherever it begins', () => {
    expect(told(after(messages(0, 5, 9), { messageRate }))).toEqual(['message_rate soft 3']);
    expect(told(after(messages(8, 9, 16, 17), { messageRate }))).toEqual([
      'message_rate soft 3',
      'message_rate hard 4',
    ]);
    expect(told(after(messages(0, 5, 10, 15, 20), { messageRate }))).toEqual([]);
  });

  test('counts a message that arrives late in its place', () => {
    expect(told(after(messages(8, 17, 16, 9), { messageRate }))).toEqual([
      'message_rate soft 3',
      'message_rate hard 4',
    ]);
  });

  test('is not limited where that is said out loud', () => {
    const unlimited = { windowSeconds: 10, hard: 'unlimited' as const };
    expect(told(after(messages(0, 0, 0, 0, 0), { messageRate: unlimited }))).toEqual([]);
  });
});

describe('exposure', () => {
  const exposure = { USD: { soft: '1000', hard: '2000' } };

  test('is what is held at the last price and what working buys can cost at worst', () => {
    const effects = [effect(0, trade(10, 90)), effect(1, holding({ working: '150' }))];
    expect(told(after(effects, { exposure }))).toEqual(['exposure soft 1050']);
  });

  test('adds up over instruments, and each has a limit of its own', () => {
    const other = holding({ symbol: 'BETA', working: '1200' });
    const effects = [effect(0, holding({ working: '900' })), effect(1, other)];
    const limits = { exposure, instrumentExposure: { USD: { hard: '1100' } } };
    expect(told(after(effects, limits))).toEqual(['exposure hard 2100', 'instrument_exposure hard 1200']);
  });

  test('uses the reference price while nothing was executed, and a sale gives room', () => {
    const moved = holding({ moved: '10', referencePrice: '150' });
    const effects = [effect(0, moved), effect(1, trade(-8, 160)), effect(2, holding({ working: '100' }))];
    const [, instrument] = [...after(effects).figures].toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
    expect(instrument).toMatchObject({ mark: { price: '160' }, working: '100' });
    expect(told(after(effects, { exposure }))).toEqual(['exposure soft 1500']);
  });
});

describe('the loss of a day', () => {
  const dayLoss = { USD: { soft: '50', hard: '100' } };

  test('is what was paid and what is held at the last price, since the day began', () => {
    const effects = [effect(0, trade(10, 100)), effect(day, trade(-1, 94)), effect(day + 1, trade(-1, 89))];
    expect(told(after(effects, { dayLoss }))).toEqual(['day_loss soft 60', 'day_loss hard 105']);
  });

  test('counts again at each whole multiple of the limit', () => {
    const effects = [
      effect(0, trade(10, 100)),
      effect(1, trade(-1, 89)),
      effect(2, trade(-1, 88)),
      effect(3, trade(-1, 75)),
    ];
    expect(told(after(effects, { dayLoss }))).toEqual(['day_loss hard 110', 'day_loss hard 223']);
  });
});

describe('executions of a strategy', () => {
  const repeatedExecutions = { windowSeconds: 60, hard: 2 };
  const run = (at: number, strategyId = 'grid') => effect(at, { strategy: { strategyId, executions: 1 } });

  test('count for that strategy alone', () => {
    const effects = [run(0), run(1, 'other'), run(2), run(3, 'other'), run(4)];
    const { breaches } = after(effects, { repeatedExecutions });
    expect(breaches).toMatchObject([{ strategyId: 'grid', level: 'hard', observed: '3', limit: '2' }]);
  });

  test('of a strategy that is stopped breach nothing, and those before it was let go count no more', () => {
    const standing = (became: 'stopped' | 'free') => ({ standing: { became, strategyId: 'grid' } });
    const effects = [
      effect(0, standing('stopped')),
      ...[1, 2, 3].map((at) => run(at)),
      effect(20, standing('free')),
      ...[30, 40].map((at) => run(at)),
    ];
    expect(after(effects, { repeatedExecutions }).breaches).toEqual([]);
    expect(after([...effects, run(41)], { repeatedExecutions }).breaches).toHaveLength(1);
  });
});

test('refusals within their window are a limit of their own', () => {
  const refused = [0, 20, 55].map((at) => effect(at, { refusals: 1 }));
  const limits = { repeatedRefusals: { windowSeconds: 60, hard: 2 } };
  expect(told(after(refused, limits))).toEqual(['repeated_refusals hard 3']);
});

test('what happened more than an hour ago breaches nothing, and is counted all the same', () => {
  const limits = { messageRate: { windowSeconds: 10, hard: 1 } };
  const old = after(messages(0, 0), limits, start + 3_601 * 1_000_000);
  expect(old.breaches).toEqual([]);
  expect(old.figures).toMatchObject([{ messages: [[start / 1_000_000, 2]] }]);
});

const anEffect = fc
  .record({
    // Often at the same moment.
    seconds: fc.oneof(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 * day })),
    symbol: fc.constantFrom('ACME', 'BETA'),
    shares: fc.integer({ min: -9, max: 9 }),
    price: fc.integer({ min: 1, max: 99 }),
    working: fc.integer({ min: -99, max: 99 }),
    messages: fc.integer({ min: 0, max: 2 }),
    strategyId: fc.constantFrom('one', 'two'),
    became: fc.constantFrom('stopped' as const, 'free' as const, undefined),
  })
  .map(({ seconds, symbol, shares, price, working, messages: sent, strategyId, became }) => {
    const { holding: traded } = trade(shares, price);
    return effect(seconds, {
      messages: sent,
      strategy: { strategyId, executions: 1 },
      ...(traded && { holding: { ...traded, symbol, working: String(working) } }),
      ...(became && { standing: { became } }),
    });
  });

const byName = (figures: readonly Figures[]) => figures.map((one) => JSON.stringify(one)).toSorted();

test('figures are the same whatever order commits arrive in', () => {
  const shuffled = fc
    .array(anEffect, { minLength: 1, maxLength: 30 })
    .chain((effects) =>
      fc.tuple(fc.constant(effects), fc.shuffledSubarray(effects, { minLength: effects.length })),
    );
  fc.assert(
    fc.property(shuffled, ([effects, others]) => {
      expect(byName(after(others).figures)).toEqual(byName(after(effects).figures));
    }),
  );
});

test('an account’s result is the sum of those of its instruments on that day', () => {
  fc.assert(
    fc.property(fc.array(anEffect, { minLength: 1, maxLength: 30 }), (effects) => {
      const { figures } = after(effects);
      const account = figures.find((one) => one.kind === 'account');
      const ofDay = figures.flatMap((one) =>
        one.kind === 'instrument' && one.day === account?.day ? [profitOf(one)] : [],
      );
      const sum = ofDay.reduce((all, one) => all + one, 0n);
      expect(account?.money.USD?.profit).toBe(formatExact(sum, valueScale));
    }),
  );
});
