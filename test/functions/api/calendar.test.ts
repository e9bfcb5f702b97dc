import { afterAll, beforeAll, expect, test } from 'vitest';
import { configWith, startTestCell, type TestCell } from '../../support/cell.ts';

let cell: TestCell;
beforeAll(async () => {
  cell = await startTestCell();
});
afterAll(() => cell.stop());

const calendar = (query: string, of = cell) => of.ask(of.key('first'), `GET /v2/calendar${query}`);

test('a week with a holiday and an early close has four days', async () => {
  const { status, list } = await calendar('?start=2026-11-23&end=2026-11-29');
  expect(status).toBe(200);
  expect(list).toEqual(
    [
      ['2026-11-23', '16:00'],
      ['2026-11-24', '16:00'],
      ['2026-11-25', '16:00'],
      ['2026-11-27', '13:00'],
    ].map(([date, close]) => ({
      date,
      open: '09:30',
      close,
      session_open: '0930',
      session_close: close?.replace(':', ''),
      settlement_date: date,
    })),
  );
});

test('without dates it goes from today for a year', async () => {
  const { list } = await calendar('');
  expect(list[0]).toMatchObject({ date: '2026-11-23' });
  expect(list.at(-1)).toMatchObject({ date: '2027-11-23' });
});

test('a moment counts as its date, as clients send it', async () => {
  const { list } = await calendar('?start=2026-11-27T00:00:00.000Z&end=2026-11-27T00:00:00.000Z');
  expect(list).toHaveLength(1);
});

test('an end before the start is an empty list', async () => {
  expect((await calendar('?start=2026-11-27&end=2026-11-23')).list).toEqual([]);
});

test.each([
  '?start=9999-12-31',
  '?start=1969-12-31',
  '?start=yesterday',
  '?end=2026-13-01',
  '?start=2026-01-01&end=2036-01-02',
  '?date_type=BANK',
])('%s is refused', async (query) => {
  expect((await calendar(query)).status).toBe(422);
});

test('a market that never closes is open every day, all day', async () => {
  const continuous = await startTestCell({ config: configWith({ clockSession: 'around-the-clock' }) });
  try {
    const { list } = await calendar('?start=2026-11-28&end=2026-11-29', continuous);
    expect(list).toMatchObject([
      { date: '2026-11-28', open: '00:00', close: '24:00' },
      { date: '2026-11-29' },
    ]);
  } finally {
    await continuous.stop();
  }
});
