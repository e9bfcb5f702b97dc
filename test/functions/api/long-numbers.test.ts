import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';

let cell: TestCell;
beforeAll(async () => {
  cell = await startTestCell();
});
afterAll(() => cell.stop());

test.each(['25348063103072656', '2.5348063103072656e16', '-0.30000000000000004'])(
  'the number %s is no text, however long it is',
  async (number) => {
    const path = `/v1/accounts/${cell.key('first').accountId}/halt`;
    const body = `{"reason": ${number}}`;
    const answer = await cell.ask(cell.key('administrator'), `POST ${path}`, { body });
    expect(answer).toMatchObject({ status: 422, body: { reason: 'field_invalid', field: 'reason' } });
  },
);

test.each(['-6.1690093499079736e+16', '[25348063103072656]', '{"reason": 25348063103072656}'])(
  'nor is one an object without members: %s',
  async (body) => {
    const path = `/v1/accounts/${cell.key('first').accountId}/lift-halt`;
    const answer = await cell.ask(cell.key('administrator'), `POST ${path}`, { body });
    expect([answer.status, answer.body['approval']]).toEqual([422, undefined]);
  },
);

test('an amount with more digits than a double holds is read as it was written', async () => {
  const body = (qty: string) =>
    `{"symbol":"ALFA","side":"buy","type":"limit","time_in_force":"day","limit_price":"1","qty":${qty}}`;
  const ask = (qty: string) => cell.ask(cell.key('first'), 'POST /v2/orders', { body: body(qty) });
  expect(await ask('10.0000000000000001')).toMatchObject({ status: 422, body: { field: 'qty' } });
  expect((await ask('9999999.999999999')).body['field']).not.toBe('qty');
});
