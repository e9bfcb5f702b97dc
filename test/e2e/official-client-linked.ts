import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartTestCell, TestCell } from '../support/cell.ts';
import { eventually } from '../support/eventually.ts';
import { caught, facade } from './official-client.ts';

/** Linked orders through the official client's own methods for them. */
export function officialLinkedSuite(name: string, start: StartTestCell): void {
  describe(`linked orders through the official client against ${name}`, () => {
    let cell: TestCell;
    let orders: ReturnType<typeof facade>['trading']['orders'];
    let says: (id: string | undefined, key: string, report: Record<string, string>) => Promise<unknown>;

    beforeAll(async () => {
      cell = await start();
      ({ orders } = facade(cell, cell.key('first')).trading);
      const connector = await cell.issue({ role: 'venue', venue_id: 'XSIM', person_id: 'connector' });
      says = (id, key, body) =>
        cell.ask(connector, `POST /v1/orders/${id}/reports`, { body, headers: { 'idempotency-key': key } });
    });
    afterAll(() => cell.stop());

    test('a bracket comes with its legs, and its take profit closes what it opened', async () => {
      const bracket = await orders.bracket({
        symbol: 'ALFA',
        qty: 10,
        side: 'buy',
        limitPrice: '100',
        timeInForce: 'gtc',
        takeProfit: { limitPrice: '110' },
        stopLoss: { stopPrice: '96', limitPrice: '95.5' },
      });
      expect(bracket).toMatchObject({ orderClass: 'bracket', status: 'pending_new' });
      const [profit, stop] = bracket.legs ?? [];
      expect(profit).toMatchObject({ type: 'limit', side: 'sell', limitPrice: '110', status: 'held' });
      expect(stop).toMatchObject({ type: 'stop_limit', stopPrice: '96', limitPrice: '95.5', status: 'held' });
      await says(bracket.id, 'b1', { report: 'execute', execution_id: 'b1', qty: '10', price: '100' });
      await eventually(async () => {
        const woken = await orders.getOrderByOrderID({ orderId: profit?.id ?? '' });
        expect(woken).toMatchObject({ status: 'pending_new', qty: '10' });
      });
      await says(profit?.id, 'b2', { report: 'execute', execution_id: 'b2', qty: '10', price: '110' });
      const [group] = await orders.getAllOrders({ status: 'all', nested: true, symbols: ['ALFA'] });
      expect(group).toMatchObject({
        id: bracket.id,
        legs: [
          { id: profit?.id, status: 'filled' },
          { id: stop?.id, status: 'canceled' },
        ],
      });
    });

    test('one that triggers another, and a pair', async () => {
      const common = { symbol: 'BRVO', qty: 4, timeInForce: 'gtc' } as const;
      const oto = await orders.oto({
        ...common,
        side: 'buy',
        limitPrice: '25',
        stopLoss: { stopPrice: '24' },
      });
      expect(oto).toMatchObject({ orderClass: 'oto', legs: [{ type: 'stop', status: 'held' }] });
      await says(oto.id, 'o1', { report: 'execute', execution_id: 'o1', qty: '4', price: '25' });
      const exit = { orderId: oto.legs?.[0]?.id ?? '' };
      await eventually(async () =>
        expect(await orders.getOrderByOrderID(exit)).toMatchObject({ status: 'pending_new' }),
      );
      await orders.deleteOrderByOrderID(exit);
      await says(exit.orderId, 'o2', { report: 'confirm-cancel' });
      const pair = await orders.oco({
        ...common,
        side: 'sell',
        takeProfit: { limitPrice: '27' },
        stopLoss: { stopPrice: '24' },
      });
      expect(pair).toMatchObject({
        orderClass: 'oco',
        limitPrice: '27',
        legs: [{ status: 'held', stopPrice: '24' }],
      });
    });

    test('a take profit on the wrong side is an error that says so', async () => {
      const error = await caught(
        orders.bracket({
          symbol: 'ALFA',
          qty: 1,
          side: 'buy',
          limitPrice: '100',
          timeInForce: 'gtc',
          takeProfit: { limitPrice: '99' },
          stopLoss: { stopPrice: '96' },
        }),
      );
      expect(error).toMatchObject({ message: expect.stringContaining('winning side') });
    });
  });
}
