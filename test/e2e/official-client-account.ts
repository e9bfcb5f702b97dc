import { errors } from '@alpacahq/alpaca-trade-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartTestCell, TestCell } from '../support/cell.ts';
import { eventually } from '../support/eventually.ts';
import { caught, facade } from './official-client.ts';

/** What a client asks about its account, beside its orders, through the official client. */
export function officialAccountSuite(name: string, start: StartTestCell): void {
  describe(`the account through the official client against ${name}`, () => {
    let cell: TestCell;
    let own: ReturnType<typeof facade>['trading'];
    let report: (id: string | undefined, qty: string, price: string) => Promise<unknown>;

    beforeAll(async () => {
      cell = await start();
      own = facade(cell, cell.key('first')).trading;
      const connector = await cell.issue({ role: 'venue', venue_id: 'XSIM', person_id: 'connector' });
      report = (id, qty, price) =>
        cell.ask(connector, `POST /v1/orders/${id}/reports`, {
          body: { report: 'execute', execution_id: `x-${id}`, qty, price },
          headers: { 'idempotency-key': `r-${id}` },
        });
      for (const [symbol, price] of [
        ['ALFA', '100'],
        ['BRVO', '25'],
      ] as const) {
        const { id } = await own.orders.limit({ symbol, qty: 10, side: 'buy', limitPrice: price });
        await report(id, '10', price);
      }
    });
    afterAll(() => cell.stop());

    test('closes a part of a position, then all of it', async () => {
      const part = await own.positions.deleteOpenPosition({ symbolOrAssetId: 'ALFA', percentage: 40 });
      expect(part).toMatchObject({ symbol: 'ALFA', side: 'sell', qty: '4', type: 'market' });
      await report(part.id, '4', '100');
      const rest = await own.positions.deleteOpenPosition({ symbolOrAssetId: 'ALFA' });
      expect(rest).toMatchObject({ qty: '6' });
      await report(rest.id, '6', '100');
      const gone = await caught(own.positions.deleteOpenPosition({ symbolOrAssetId: 'ALFA' }));
      expect(gone).toBeInstanceOf(errors.NotFoundError);
    });

    test('closes everything, with an answer for each position', async () => {
      const answers = await own.positions.deleteAllOpenPositions({ cancelOrders: false });
      expect(answers).toMatchObject([{ symbol: 'BRVO', status: 200, body: { side: 'sell', qty: '10' } }]);
      await report(answers[0]?.body?.id, '10', '25');
      expect(await own.positions.getAllOpenPositions()).toEqual([]);
    });

    test('lists what happened, page by page', async () => {
      await eventually(async () =>
        expect(await own.accountActivities.getAccountActivities({ activityTypes: ['FILL'] })).toHaveLength(5),
      );
      const fills = { activityType: 'FILL', pageSize: 3 };
      expect(await own.accountActivities.getAccountActivitiesByActivityType(fills)).toHaveLength(3);
      const first = await own.accountActivities.getAccountActivities({
        activityTypes: ['FILL'],
        pageSize: 3,
        direction: 'asc',
      });
      expect(first[0]).toMatchObject({ activityType: 'FILL', symbol: 'ALFA', type: 'fill', side: 'buy' });
      const pageToken = first.at(-1)?.id ?? '';
      const next = await own.accountActivities.getAccountActivities({
        activityTypes: ['FILL'],
        pageSize: 3,
        pageToken,
        direction: 'asc',
      });
      expect(next.map(({ symbol }) => symbol)).toEqual(['ALFA', 'BRVO']);
    });

    test('suspends trading with the configuration it read, and resumes', async () => {
      const configurations = await own.accountConfigurations.getAccountConfig();
      const suspended = { ...configurations, suspendTrade: true };
      await own.accountConfigurations.patchAccountConfig({ accountConfigurations: suspended });
      const refused = await caught(own.orders.market({ symbol: 'ALFA', qty: 1, side: 'buy' }));
      expect(refused).toBeInstanceOf(errors.PermissionError);
      expect(await own.account.getAccount()).toMatchObject({ tradeSuspendedByUser: true });
      await own.accountConfigurations.patchAccountConfig({ accountConfigurations: configurations });
      expect(await own.orders.market({ symbol: 'ALFA', qty: 1, side: 'buy' })).toMatchObject({ qty: '1' });
    });

    test('reads the market days of a week', async () => {
      const days = await own.calendar.legacyCalendar({
        start: new Date('2026-11-23T00:00:00Z'),
        end: new Date('2026-11-29T00:00:00Z'),
      });
      expect(days.map(({ close }) => close)).toEqual(['16:00', '16:00', '16:00', '13:00']);
      expect(days[0]?.date).toEqual(new Date('2026-11-23'));
    });

    test('reads how its equity came about', async () => {
      const history = await own.portfolioHistory.getAccountPortfolioHistory({
        period: '1W',
        timeframe: '1D',
      });
      const { equity } = await own.account.getAccount();
      await eventually(async () => {
        const { equity: series } = await own.portfolioHistory.getAccountPortfolioHistory({ timeframe: '1D' });
        expect(series.at(-1)).toBe(Number(equity));
      });
      expect(history.timestamp).toHaveLength(8);
      expect(history).toMatchObject({ timeframe: '1D', baseValue: 0 });
    });

    test('is told what its key has left in the headers it reads', async () => {
      const { raw } = await own.clock.legacyClockRaw();
      const [limit, remaining] = ['limit', 'remaining'].map((what) =>
        Number(raw.headers.get(`x-ratelimit-${what}`)),
      );
      expect(limit).toBeGreaterThan(0);
      expect(remaining).toBeGreaterThan(0);
    });
  });
}
