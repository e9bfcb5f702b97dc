import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FeeSchedule, noFees } from '../../../domain/account/fees.ts';
import { cashAttributes } from '../../../domain/account/holdings.ts';
import { type Contract, formatPrice, formatQuantity } from '../../../domain/instrument/instrument.ts';
import { ledgerAccounts, type Posting, sumOf } from '../../../domain/account/posting.ts';
import type { OrderCommand, VenueReport } from '../../../domain/order/commands.ts';
import { decide } from '../../../domain/order/decide.ts';
import type { OrderEvent } from '../../../domain/order/events.ts';
import { evolve } from '../../../domain/order/evolve.ts';
import { reportOf } from '../../../domain/order/fix-reports.ts';
import { liveExecutions } from '../../../domain/order/history.ts';
import { feesOf, requiredHold, traded } from '../../../domain/order/hold.ts';
import { isOpen, leavesQuantity, type OrderState, unborn } from '../../../domain/order/state.ts';
import { alpacaStatus, ordStatus } from '../../../domain/order/status.ts';
import { executionId } from '../../../domain/values/ids.ts';
import { nothing, notional, notionalOf } from '../../../domain/values/notional.ts';
import { price } from '../../../domain/values/price.ts';
import { none, quantity } from '../../../domain/values/quantity.ts';
import { cancel, contract, execution, now, place, replace, rules } from '../../support/order.ts';
import { Items, openAccount, OrderStory } from '../../support/order-story.ts';

const cash = cashAttributes('USD');

/** One step of an order's life, in names that a failing run can be read by. */
type Step =
  | { readonly ask: 'cancel' }
  | { readonly ask: 'release' }
  | { readonly ask: 'replace'; readonly lots: number; readonly ticks: number }
  | { readonly say: VenueReport }
  | { readonly undo: number; readonly as?: readonly [lots: number, ticks: number] };

const lots = fc.integer({ min: 1, max: 40 });
const few = fc.integer({ min: 1, max: 6 });
const ticks = fc.integer({ min: 9_000, max: 11_000 });
const fill = fc.tuple(few, ticks).map(([q, p]): Step => ({ say: execution('later named', q, p) }));
const said = (...reports: readonly string[]) =>
  fc.constantFrom(...reports).map((report): Step => ({ say: { report } as VenueReport }));
const answer = said(
  'confirm-cancel',
  'reject-cancel',
  'confirm-replace',
  'confirm-replace',
  'reject-replace',
);
const flag = said('done-for-day', 'resume', 'trigger', 'stop', 'suspend');
const restated = fc
  .tuple(lots, ticks)
  .map(([q, p]): Step => ({ say: { report: 'restate', orderQuantity: quantity(q), limitPrice: price(p) } }));
const asked = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Step>({ ask: 'cancel' }, { ask: 'release' }) },
  {
    weight: 3,
    arbitrary: fc.tuple(lots, ticks).map(([q, p]): Step => ({ ask: 'replace', lots: q, ticks: p })),
  },
);
const ending = fc.constantFrom<Step>(
  { say: { report: 'accept', venueOrderId: 'venue 1' } },
  { say: { report: 'reject', text: 'no' } },
  { say: { report: 'expire', reason: 'day' } },
  { say: { report: 'cancel', reason: 'ioc_remainder' } },
  { say: { report: 'calculate' } },
);
const undone = fc
  .tuple(fc.nat(20), fc.option(fc.tuple(few, ticks), { nil: undefined }))
  .map(([which, as]): Step => ({ undo: which, ...(as && { as }) }));

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fill },
    { weight: 4, arbitrary: asked },
    { weight: 4, arbitrary: answer },
    { weight: 1, arbitrary: flag },
    { weight: 2, arbitrary: undone },
    { weight: 1, arbitrary: restated },
    { weight: 1, arbitrary: ending },
  ),
  { maxLength: 30, size: 'max' },
);

const fees = fc.constantFrom<FeeSchedule>(
  noFees,
  { ratePpm: 3_333, perLotMicros: 0, minimum: 0 },
  { ratePpm: 250, perLotMicros: 350_000, minimum: 35 },
  { ratePpm: 0, perLotMicros: 0, minimum: 20_000 },
);

/** One where a tick x lot is a cent, and two where money is rounded: to about ten cents a lot, and to one. */
const grids = fc.constantFrom<Contract>(
  contract,
  { ...contract, tickSize: '0.0037', lotSize: '0.3' },
  { ...contract, tickSize: '0.0001', lotSize: '0.0133' },
);

interface Life {
  readonly side: 'buy' | 'sell';
  readonly timeInForce: 'day' | 'gtc';
  readonly orderType: 'limit' | 'market';
  readonly fees: FeeSchedule;
  readonly contract: Contract;
  readonly positionMax: number | 'unlimited';
  readonly steps: readonly Step[];
}

const lives = fc.record<Life>({
  side: fc.constantFrom('buy', 'sell'),
  timeInForce: fc.constantFrom('day', 'gtc'),
  orderType: fc.constantFrom('limit', 'limit', 'market'),
  fees,
  contract: grids,
  positionMax: fc.constantFrom<number | 'unlimited'>(1_000_000, 'unlimited'),
  steps,
});

/** Tells a life; `check` looks on after every command. */
function tell(
  life: Life,
  items = new Items(),
  check: (story: OrderStory) => void = () => undefined,
): OrderStory {
  const story = new OrderStory(items);
  const { side, timeInForce, orderType, positionMax, contract: grid } = life;
  const given = rules({ fees: life.fees, instrument: { contract: grid, positionMax } });
  const terms = {
    quantity: formatQuantity(20, grid),
    ...(orderType === 'limit' && { limitPrice: formatPrice(price(10_000), grid) }),
  };
  story.do(place({ side, timeInForce, orderType, ...terms, rules: given }));
  check(story);
  for (const [index, step] of life.steps.entries()) {
    if ('say' in step) story.venue(named(step.say, index));
    else if ('undo' in step) story.venue(undoing(step, story, index));
    else story.do(asking(step, story, given, index));
    check(story);
  }
  return story;
}

function named(report: VenueReport, index: number): VenueReport {
  return report.report === 'execute' ? { ...report, executionId: executionId(`execution ${index}`) } : report;
}

function undoing(step: Extract<Step, { undo: number }>, story: OrderStory, index: number): VenueReport {
  const live = liveExecutions(story.history);
  const chosen = live[step.undo % Math.max(1, live.length)]?.executionId ?? executionId('nothing');
  if (!step.as) return { report: 'bust', executionId: chosen };
  const [lastQuantity, lastPrice] = [quantity(step.as[0]), price(step.as[1])];
  return {
    report: 'correct',
    replacesExecutionId: chosen,
    executionId: executionId(`correction ${index}`),
    lastQuantity,
    lastPrice,
  };
}

function asking(
  step: Extract<Step, { ask: string }>,
  story: OrderStory,
  given: ReturnType<typeof rules>,
  index: number,
): OrderCommand {
  if (step.ask === 'release') return { do: 'release' };
  if (step.ask === 'cancel') return cancel(`cancel ${index}`);
  const { contract: grid, terms } = story.order;
  const limitPrice = terms.limitPrice !== undefined && { limitPrice: formatPrice(price(step.ticks), grid) };
  const change = { quantity: formatQuantity(step.lots, grid), ...limitPrice };
  return replace(`replace ${index}`, change, { rules: given });
}

function postings(events: readonly OrderEvent[]): readonly Posting[] {
  return events.flatMap(({ data }) => ('posting' in data && data.posting ? [data.posting] : []));
}

function fold(events: readonly OrderEvent[]): OrderState {
  return events.reduce<OrderState>((state, event) => evolve(state, event, now), unborn);
}

/** Ready money only, of an account that cannot always bear what a venue reports. */
const poor = () => new Items({ ...openAccount, [cash.available]: 250_000 }, { available: 25, exposure: 25 });

describe('whatever happens to an order', () => {
  test('replay gives the same state', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const story = tell(life);
        expect(fold(story.history)).toEqual(story.state);
      }),
      { numRuns: 300 },
    );
  });

  test('every posting balances, and names no other accounts', () => {
    fc.assert(
      fc.property(lives, (life) => {
        for (const { cash: money, shares } of postings(tell(life, poor()).history)) {
          for (const entry of [money, shares]) {
            expect(sumOf(entry ?? {})).toBe(0);
            expect(ledgerAccounts).toEqual(expect.arrayContaining(Object.keys(entry ?? {})));
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('the hold is what the order needs, never negative, and nothing once it has ended', () => {
    fc.assert(
      fc.property(lives, (life) => {
        tell(life, new Items(), ({ order }) => {
          expect(order.hold).toEqual(requiredHold(order));
          expect(Math.min(order.hold.cash, order.hold.shares, order.hold.exposure)).toBeGreaterThanOrEqual(0);
          if (!isOpen(order)) expect(order.hold).toEqual({ cash: 0, shares: 0, exposure: 0 });
        });
      }),
      { numRuns: 300 },
    );
  });

  test('order, cumulative and leaves quantity agree with the live executions', () => {
    fc.assert(
      fc.property(lives, (life) => {
        tell(life, new Items(), ({ order, history }) => {
          const live = liveExecutions(history);
          const filled = live.reduce((sum, { lastQuantity }) => sum + lastQuantity, 0);
          const value = live.reduce((sum, one) => sum + notionalOf(one.lastQuantity, one.lastPrice), 0);
          expect(order.totals).toEqual({ cumulativeQuantity: filled, notional: value });
          const leaves = Math.max(0, order.terms.orderQuantity - filled);
          expect(leavesQuantity(order)).toBe(order.phase.name === 'closed' ? 0 : leaves);
          if (order.phase.name !== 'closed') expect(leaves).toBeGreaterThan(0);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('the items hold what the postings add up to, and cash is fills plus fees to the cent', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const items = poor();
        const before = { account: items.account, position: items.position };
        const { order, history } = tell(life, items);
        const posted = postings(history);
        for (const name of ['available', 'held', 'shortfall'] as const) {
          const money = posted.reduce((sum, posting) => sum + (posting.cash?.[name] ?? 0), 0);
          const shares = posted.reduce((sum, posting) => sum + (posting.shares?.[name] ?? 0), 0);
          expect(Number(items.account[cash[name]] ?? 0)).toBe(
            Number(before.account[cash[name]] ?? 0) + money,
          );
          expect(Number(items.position[name] ?? 0)).toBe(Number(before.position[name] ?? 0) + shares);
        }
        const sign = order.side === 'buy' ? 1 : -1;
        const moneyNet = posted.reduce(
          (sum, { cash: money }) =>
            sum + (money?.available ?? 0) + (money?.held ?? 0) + (money?.shortfall ?? 0),
          0,
        );
        expect(moneyNet + sign * traded(order) + feesOf(order)).toBe(0);
        expect(items.account[cash.held] ?? 0).toBe(order.hold.cash);
        expect(items.position['held'] ?? 0).toBe(order.hold.shares);
        const moved = sign * order.totals.cumulativeQuantity;
        expect(items.position['exposure']).toBe(25 + moved + order.hold.exposure);
        expect(items.account['openOrders']).toBe(Number(isOpen(order)));
      }),
      { numRuns: 300 },
    );
  });

  test('available is never below zero, and what it could not bear is a shortfall of a reduce-only account', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const items = poor();
        let short = false;
        tell(life, items, ({ events }) => {
          expect(items.account[cash.available]).toBeGreaterThanOrEqual(0);
          expect(items.position['available']).toBeGreaterThanOrEqual(0);
          short ||= postings(events).some(
            ({ cash: money, shares }) => (money?.shortfall ?? 0) < 0 || (shares?.shortfall ?? 0) < 0,
          );
          short ||= events.some(({ data }) => 'overfill' in data);
        });
        expect(items.account['reduceOnly'] ?? 0).toBe(Number(short));
      }),
      { numRuns: 300 },
    );
  });

  test('a fill within the terms is paid from the hold alone', () => {
    fc.assert(
      fc.property(lives, (life) => {
        let before: OrderStory['order'] | undefined;
        tell(life, new Items(), ({ events, order }) => {
          for (const { type, data } of events) {
            if (type !== 'OrderExecuted' || !before || before.phase.name === 'closed') continue;
            const limit = before.terms.limitPrice ?? before.terms.protectionPrice ?? price(0);
            const worse = before.side === 'buy' ? data.lastPrice > limit : data.lastPrice < limit;
            if (worse || data.overfill !== undefined) continue;
            expect(data.posting?.cash?.available ?? 0).toBeGreaterThanOrEqual(0);
            expect(data.posting?.shares?.available ?? 0).toBeGreaterThanOrEqual(0);
          }
          before = order;
        });
      }),
      { numRuns: 500 },
    );
  });

  test('the answer to a request draws on nothing but the hold, however it turns out', () => {
    fc.assert(
      fc.property(lives, (life) => {
        tell(life, new Items(), ({ events }) => {
          for (const { type, data } of events) {
            if (type !== 'OrderReplaced' && type !== 'ReplaceRejected') continue;
            expect(data.posting?.cash?.available ?? 0).toBeGreaterThanOrEqual(0);
            expect(data.posting?.shares?.available ?? 0).toBeGreaterThanOrEqual(0);
            expect(data.posting?.exposure ?? 0).toBeLessThanOrEqual(0);
          }
        });
      }),
      { numRuns: 500 },
    );
  });

  test('a repeated report decides nothing', () => {
    fc.assert(
      fc.property(lives, fc.nat(30), (life, at) => {
        const { history, state } = tell(life);
        const reported = history.filter(({ data }) => 'position' in data);
        const again = reported[at % Math.max(1, reported.length)];
        if (!again || !('position' in again.data) || again.data.position === undefined) return;
        const { position } = again.data;
        const command = { do: 'apply-report', position, report: execution('other', 1), history } as const;
        expect(decide(command, state)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('every event that is told has a report, and every state its statuses', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { history } = tell(life);
        let state: OrderState = unborn;
        for (const event of history) {
          const before = state;
          state = evolve(before, event, now);
          const report = reportOf(before, event, state);
          const silent = ['OrderPlaced', 'OrderReleased', 'OrderHeld', 'OrderAliased'].includes(event.type);
          expect(report === undefined).toBe(silent);
          if (state.kind !== 'order' || report === undefined) continue;
          if (event.type !== 'OrderAccepted') expect(report.ordStatus).toBe(ordStatus(state));
          expect(alpacaStatus(state)).toMatch(/^[a-z_]+$/);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a history with a bust is the history without that execution', () => {
    fc.assert(
      fc.property(lives, fc.nat(20), (life, which) => {
        const story = tell(life);
        const live = liveExecutions(story.history);
        const busted = live[which % Math.max(1, live.length)];
        if (!busted) return;
        const money = net(story);
        const before = story.order;
        story.venue({ report: 'bust', executionId: busted.executionId });
        const { order } = story;
        const { lastQuantity, lastPrice } = busted;
        const totals = {
          cumulativeQuantity: quantity(before.totals.cumulativeQuantity - lastQuantity),
          notional: notional(before.totals.notional - notionalOf(lastQuantity, lastPrice)),
        };
        expect(order.totals).toEqual(totals);
        expect(order.hold).toEqual(requiredHold({ ...order, totals }));
        const sign = order.side === 'buy' ? 1 : -1;
        expect(money.cash + sign * traded(before) + feesOf(before)).toBe(0);
        expect(net(story).cash + sign * traded(order, totals) + feesOf(order, totals)).toBe(0);
        expect(net(story).shares - sign * totals.cumulativeQuantity).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('an order whose executions are all busted has traded nothing and cost nothing', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const story = tell(life);
        for (const { executionId: id } of liveExecutions(story.history))
          story.venue({ report: 'bust', executionId: id });
        expect(story.order.totals).toEqual({ cumulativeQuantity: none, notional: nothing });
        expect(net(story)).toEqual({ cash: 0, shares: 0 });
      }),
      { numRuns: 200 },
    );
  });
});

function net({ history }: OrderStory): { cash: number; shares: number } {
  const own = ['available', 'held', 'shortfall'] as const;
  const of = (asset: 'cash' | 'shares') =>
    postings(history).reduce(
      (sum, posting) => sum + own.reduce((part, name) => part + (posting[asset]?.[name] ?? 0), 0),
      0,
    );
  return { cash: of('cash') + 0, shares: of('shares') + 0 };
}

describe('whatever a venue says', () => {
  const extreme = fc.oneof(lots, fc.constantFrom(0, 2 ** 31, 2 ** 50, Number.MAX_SAFE_INTEGER));
  const wild = fc.oneof(
    fc.tuple(extreme, extreme).map(([q, p]): Step => ({ say: execution('later named', q, p) })),
    fc
      .tuple(extreme, extreme)
      .map(
        ([q, p]): Step => ({ say: { report: 'restate', orderQuantity: quantity(q), limitPrice: price(p) } }),
      ),
    fc.tuple(fc.nat(5), extreme, extreme).map(([undo, q, p]): Step => ({ undo, as: [q, p] })),
    answer,
    flag,
    fill,
    asked,
    ending,
  );

  test('deciding never throws', () => {
    fc.assert(
      fc.property(lives, fc.array(wild, { maxLength: 20 }), (life, more) => {
        tell({ ...life, steps: [...life.steps, ...more] });
      }),
      { numRuns: 500 },
    );
  });
});

test('the state stays as small as it was, however often the order is filled', () => {
  const story = new OrderStory();
  story.do(place({ quantity: '9000', timeInForce: 'gtc' }));
  story.venue(execution('first', 1), execution('second', 1));
  const small = JSON.stringify(story.state).length;
  for (let index = 0; index < 3_000; index += 1)
    story.venue(execution(`execution ${index}`, 1, 9_500 + (index % 1_000)));
  expect(story.order.totals.cumulativeQuantity).toBe(3_002);
  expect(JSON.stringify(story.state).length).toBeLessThan(small + 40);
});
