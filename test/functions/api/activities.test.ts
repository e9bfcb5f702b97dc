import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;

beforeAll(async () => {
  cell = await startTestCell();
  const desk = new Desk(cell);
  await desk.filled({ qty: '10' }, [
    { execution_id: 'e1', qty: '4', price: '100' },
    { execution_id: 'e2', qty: '6', price: '99.5' },
  ]);
  cell.clock.set('2026-11-24T15:00:00Z');
  await desk.transfer({ amount: '500' });
  await desk.transfer({ symbol: 'BRVO', qty: '7' });
  await desk.transfer({ direction: 'OUTGOING', amount: '20.50' });
  await cell.cell.views.drained();
});
afterAll(() => cell.stop());

const list = (query = '') => cell.ask(cell.key('first'), `GET /v2/account/activities${query}`);
const types = async (query: string) => (await list(query)).list.map(({ activity_type: type }) => type);

test('fills and transfers are listed, the newest first', async () => {
  const activities = (await list('?page_size=5')).list;
  expect(activities).toMatchObject([
    { activity_type: 'CSW', net_amount: '-20.50', currency: 'USD', date: '2026-11-24' },
    { activity_type: 'JNLS', symbol: 'BRVO', qty: '7' },
    { activity_type: 'CSD', net_amount: '500.00' },
    { activity_type: 'FILL', type: 'fill', qty: '6', price: '99.5', cum_qty: '10', leaves_qty: '0' },
    { activity_type: 'FILL', type: 'partial_fill', qty: '4', cum_qty: '4', leaves_qty: '6', side: 'buy' },
  ]);
});

test('pages join without gap or repeat, in both directions', async () => {
  for (const direction of ['asc', 'desc']) {
    const whole = (await list(`?direction=${direction}`)).list.map(({ id }) => id);
    const joined: unknown[] = [];
    for (let page = (await list(`?direction=${direction}&page_size=2`)).list; page.length > 0; ) {
      joined.push(...page.map(({ id }) => id));
      const token = encodeURIComponent(String(page.at(-1)?.['id']));
      page = (await list(`?direction=${direction}&page_size=2&page_token=${token}`)).list;
    }
    expect(joined).toEqual(whole);
  }
});

test('types, categories and days narrow the list', async () => {
  expect(await types('/FILL')).toEqual(['FILL', 'FILL']);
  expect(await types('/CSW,JNLS')).toEqual(['CSW', 'JNLS']);
  expect(await types('?activity_types=CSW,DIV')).toEqual(['CSW']);
  expect(await types('?activity_types=DIV')).toEqual([]);
  expect(await types('?category=trade_activity')).toEqual(['FILL', 'FILL']);
  expect(await types('?date=2026-11-24')).toEqual(['CSW', 'JNLS', 'CSD']);
  expect(await types('?after=2026-11-24T00:00:00Z&category=non_trade_activity')).toEqual([
    'CSW',
    'JNLS',
    'CSD',
  ]);
});

test("nobody sees another's", async () => {
  const { list: theirs } = await cell.ask(cell.key('second'), 'GET /v2/account/activities/FILL');
  expect(theirs).toEqual([]);
});

test.each([
  ['?activity_types=GIFT', 'activity_types'],
  ['/GIFT', 'activity_type'],
  ['?page_size=101', 'page_size'],
  ['?page_size=0', 'page_size'],
  ['?date=2026-02-30', 'date'],
  ['?date=2026-11-24&after=2026-11-24T00:00:00Z', 'date'],
  ['?category=trade_activity&activity_types=FILL', 'category'],
  ['?direction=up', 'direction'],
  ['?page_token=foo', 'page_token'],
  ['?page_token=', 'page_token'],
  ['/FILL?page_token=20261124150000000000', 'page_token'],
])('%s is refused by name', async (query, field) => {
  expect(await list(query)).toMatchObject({ status: 422, body: { field } });
});

test('a token that is no id of an activity is refused with what would be right', async () => {
  const message = expect.stringContaining('the id of the last activity of the page before');
  expect(await list('?page_token=foo')).toMatchObject({ body: { reason: 'field_invalid', message } });
});
