import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;
let desk: Desk;

beforeEach(async () => {
  cell = await startTestCell();
  desk = new Desk(cell);
});
afterEach(() => cell.stop());

function close(path: string, key?: string) {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  return cell.ask(cell.key('first'), `DELETE /v2/positions${path}`, { headers });
}

const bought = (symbol: string, qty: string, price: string) =>
  desk.filled({ symbol, qty, limit_price: price }, [{ execution_id: `buy-${symbol}`, qty, price }]);

/** What the venue would do with a sale. */
const sold = (id: unknown, qty: string, price = '100') =>
  desk.report(String(id), { report: 'execute', execution_id: `sell-${String(id)}`, qty, price });

describe('one position', () => {
  test('is closed by a market order for all of it', async () => {
    await bought('ALFA', '10', '100');
    const { status, body } = await close('/ALFA');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      symbol: 'ALFA',
      side: 'sell',
      qty: '10',
      type: 'market',
      time_in_force: 'day',
    });
    await sold(body['id'], '10');
    expect(await close('/ALFA')).toMatchObject({ status: 404, body: { reason: 'position_not_found' } });
  });

  test('is closed by a quantity, or by a percentage rounded down to lots', async () => {
    await bought('ALFA', '10', '100');
    expect((await close('/ALFA?qty=3')).body).toMatchObject({ qty: '3' });
    expect((await close('/ALFA?percentage=25')).body).toMatchObject({ qty: '2' });
    expect((await close('/ALFA?percentage=0.5')).body).toMatchObject({ reason: 'quantity_off_lot' });
  });

  test('is not sold twice', async () => {
    await bought('ALFA', '10', '100');
    await close('/ALFA?qty=6');
    expect((await close('/ALFA')).body).toMatchObject({
      reason: 'insufficient_shares',
      limit: '4',
      observed: '10',
    });
  });

  test('is closed once under one key, also when nothing is left of it', async () => {
    await bought('ALFA', '10', '100');
    const first = await close('/ALFA', 'k1');
    await sold(first.body['id'], '10');
    const again = await close('/ALFA', 'k1');
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await close('/ALFA?qty=1', 'k1')).body).toMatchObject({ reason: 'idempotency_key_reused' });
    expect((await close('/BRVO', 'k1')).body).toMatchObject({ reason: 'idempotency_key_reused' });
  });

  test.each(['?percentage=0', '?percentage=100.1', '?qty=ten', '?qty=1&percentage=50', '?all=true'])(
    'is not closed by %s',
    async (query) => {
      await bought('ALFA', '10', '100');
      expect((await close(`/ALFA${query}`)).status).toBe(422);
    },
  );
});

describe('all positions', () => {
  beforeEach(async () => {
    await bought('ALFA', '10', '100');
    await bought('BRVO', '4', '25');
  });

  test('are closed with an answer for each', async () => {
    const { status, list } = await close('');
    expect(status).toBe(207);
    expect(list).toMatchObject([
      { symbol: 'ALFA', status: 200, body: { qty: '10', side: 'sell' } },
      { symbol: 'BRVO', status: 200, body: { qty: '4', side: 'sell' } },
    ]);
  });

  test('a repeat under the same key sells what the first call decided, and no more', async () => {
    const first = await close('', 'k1');
    for (const { body } of first.list) {
      const { id, qty } = Object(body);
      await sold(id, String(qty), id === Object(first.list[0]?.['body']).id ? '100' : '25');
    }
    const again = await close('', 'k1');
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.list).toEqual(first.list);
    expect((await close('?cancel_orders=true', 'k1')).body).toMatchObject({
      reason: 'idempotency_key_reused',
    });
    expect((await close('')).list).toEqual([]);
  });

  test('what an open sale holds is let go first where orders are to be canceled', async () => {
    const { body } = await cell.place({
      side: 'sell',
      qty: '10',
      time_in_force: 'opg',
      type: 'market',
      limit_price: null,
    });
    expect(body).toMatchObject({ status: 'accepted' });
    const blocked = await close('');
    expect(blocked.list[0]).toMatchObject({
      symbol: 'ALFA',
      status: 403,
      body: { reason: 'insufficient_shares' },
    });
    await cell.cell.views.drained();
    const { list } = await close('?cancel_orders=true');
    expect(list[0]).toMatchObject({ symbol: 'ALFA', status: 200, body: { qty: '10' } });
  });

  test('a repeat cancels no order that was placed since', async () => {
    const cancelAll = () => close('?cancel_orders=true', 'k1');
    await cancelAll();
    const { body } = await cell.place();
    await cell.cell.views.drained();
    expect((await cancelAll()).headers.get('idempotency-replayed')).toBe('true');
    const order = await cell.ask(cell.key('first'), `GET /v2/orders/${String(body['id'])}`);
    expect(order.body['status']).toBe('pending_new');
  });
});

test('a repeat of closing nothing sells nothing that was bought since', async () => {
  expect((await close('', 'k1')).list).toEqual([]);
  await bought('ALFA', '10', '100');
  expect((await close('', 'k1')).list).toEqual([]);
});
