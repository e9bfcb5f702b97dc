import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ordersBeyond } from '../../../functions/api/shared/order-pages.ts';
import { timestamp } from '../../../domain/values/time.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { MemoryViews } from '../../../platform/views/memory.ts';
import { configWith, startTestCell, type TestCell } from '../../support/cell.ts';
import type { SettableClock } from '../../support/settable-clock.ts';
import { OrderScript } from '../../support/orders.ts';
import { rowsOf, type OrderRow } from '../../../platform/views/order-row.ts';

let cell: TestCell;
beforeAll(async () => {
  cell = await startTestCell();
});
afterAll(() => cell.stop());

const list = (query: string) => cell.ask(cell.key('first'), `GET /v2/orders?${query}`);

describe('a query that asks for two ways of paging', () => {
  test.each([
    ['after_order_id=a&until=2026-01-01T00:00:00Z', 'after_order_id'],
    ['after_order_id=a&before_order_id=b', 'after_order_id'],
    ['before_order_id=a&after=2026-01-01T00:00:00Z', 'before_order_id'],
  ])('%s is refused, naming %s', async (query, field) => {
    const { status, body } = await list(query);
    expect([status, body['reason'], body['field']]).toEqual([422, 'field_invalid', field]);
  });
});

test('a status that approvals do not have is refused', async () => {
  const { status, body } = await cell.ask(cell.key('administrator'), 'GET /v1/approvals?status=foo');
  expect([status, body['field']]).toEqual([422, 'status']);
  expect(body['message']).toBe('status: one of requested, granted, refused, used, all');
});

/** Orders of one account, three in each microsecond. */
function threeInEach(): readonly OrderRow[] {
  const [row] = rowsOf(new OrderScript('one').place().commits);
  if (!row) throw new TypeError('an order has a row');
  return Array.from({ length: 12 }, (_, index) => ({
    ...row,
    id: `order-${String((index * 7) % 12).padStart(2, '0')}`,
    submittedAt: timestamp(1_000 + Math.floor(index / 3)),
  }));
}

class Listed extends MemoryViews {
  override async orders(...[query]: Parameters<MemoryViews['orders']>): Promise<readonly OrderRow[]> {
    const { after = -1, until = Number.MAX_SAFE_INTEGER, limit, direction } = query;
    const rows = threeInEach()
      .filter(({ submittedAt }) => submittedAt > after && submittedAt < until)
      .toSorted((a, b) => a.submittedAt - b.submittedAt || (a.id < b.id ? -1 : 1));
    return (direction === 'asc' ? rows : rows.toReversed()).slice(0, limit);
  }
}

test.each([1, 2, 4, 5])(
  'pages of %i show every order once, whatever shares its microsecond',
  async (limit) => {
    const views = new Listed();
    const soon = deadlineIn(1_000, systemClock);
    for (const [beyond, direction] of [
      ['before', 'desc'],
      ['after', 'asc'],
    ] as const) {
      const query = { accountId: 'a', status: 'all', direction, limit } as const;
      const all = await views.orders({ ...query, limit: 500 });
      const seen = [...(await views.orders(query))];
      for (;;) {
        const row = seen.at(-1);
        const page = row ? await ordersBeyond(views, query, { beyond, row }, soon) : [];
        if (page.length === 0) break;
        seen.push(...page);
      }
      expect(seen.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    }
  },
);

test('towards an order, the farthest come first and the nearest last', async () => {
  const views = new Listed();
  const query = { accountId: 'a', status: 'all', direction: 'asc', limit: 500 } as const;
  const all = await views.orders(query);
  const row = all[7];
  if (!row) throw new TypeError('there are twelve');
  const before = await ordersBeyond(views, query, { beyond: 'before', row }, deadlineIn(1_000, systemClock));
  expect(before).toEqual(all.slice(0, 7));
});

/** A clock so coarse that many orders share a moment. */
function coarse(clock: SettableClock): void {
  const fine = clock.now.bind(clock);
  clock.now = () => timestamp(Math.floor(fine() / 200) * 200);
}

test('canceling all cancels every order, also where a page ends between two of one microsecond', async () => {
  const config = configWith({ 'limits.accounts.default.openOrdersMax': 1_000 });
  const own = await startTestCell({ config });
  coarse(own.clock);
  const count = 520;
  const placing = Array.from({ length: count }, (_, index) =>
    own.place({ qty: '1', client_order_id: `c-${index}` }),
  );
  const placed = await Promise.all(placing);
  expect(placed.filter(({ status }) => status === 200)).toHaveLength(count);
  const submitted = placed.map(({ body }) => String(body['submitted_at'])).toSorted();
  expect(submitted.at(-500)).toBe(submitted.at(-501));
  const answers = await own.ask(own.key('first'), 'DELETE /v2/orders');
  expect(answers.list.filter(({ status }) => status === 200)).toHaveLength(count);
  expect(new Set(answers.list.map(({ id }) => id)).size).toBe(count);
  await own.stop();
});
