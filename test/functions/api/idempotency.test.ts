import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatTimestamp, timestamp } from '../../../domain/values/time.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;
let desk: Desk;
beforeEach(async () => {
  cell = await startTestCell();
  desk = new Desk(cell);
});
afterEach(() => cell.stop());

test('a price that is said again under its key does not undo what was said since', async () => {
  const say = (price: string, key: string) =>
    desk.ask('PUT /v1/instruments/ALFA/reference-price', { price }, key);
  const first = await say('100', 'k1');
  await say('101', 'k2');
  const again = await say('100', 'k1');
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(again.body).toMatchObject({ price: '100', at: first.body['at'] });
  expect((await desk.ask('GET /v1/instruments/ALFA/reference-price')).body).toMatchObject({ price: '101' });
  expect((await say('102', 'k1')).body).toMatchObject({ reason: 'idempotency_key_reused' });
});

test('what is answered to a price is what is read afterwards, now and as of then, also when it is said again', async () => {
  const route = '/v1/instruments/ALFA/reference-price';
  const { age_ms: _now, ...said } = (await desk.ask(`PUT ${route}`, { price: '100' }, 'k1')).body;
  const { age_ms: _later, ...read } = (await desk.ask(`GET ${route}`)).body;
  const { age_ms: _latest, ...again } = (await desk.ask(`PUT ${route}`, { price: '100' }, 'k1')).body;
  expect([read, again]).toEqual([said, said]);
  const { prices } = cell.cell.dependencies;
  const then = await prices.quoteAt('ALFA', cell.clock.now(), cell.deadline());
  expect(formatTimestamp(then?.at ?? timestamp(0))).toBe(said['at']);
});

test('a transfer that is canceled again under the same key was canceled', async () => {
  const { body } = await desk.transfer({ amount: '2000000' });
  const cancel = (key?: string) =>
    desk.ask(`DELETE /v1/accounts/${desk.accountId}/transfers/${String(body['id'])}`, undefined, key);
  expect((await cancel('k1')).status).toBe(204);
  const again = await cancel('k1');
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([204, 'true']);
});
