import { expect, test } from 'vitest';
import { startTestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

test('approving a transfer that was canceled meanwhile says so, moves nothing and is over', async () => {
  const cell = await startTestCell();
  const desk = new Desk(cell);
  const asked = await desk.transfer({ amount: '2000000' });
  const id = desk.approvalId(asked.body);
  await desk.ask(`DELETE /v1/accounts/${desk.accountId}/transfers/${String(asked.body['id'])}`);
  const { status, body } = await desk.second(`POST /v1/approvals/${id}/approve`);
  expect([status, body['reason'], body['observed']]).toEqual([409, 'transfer_closed', 'canceled']);
  expect((await desk.ask(`GET /v1/accounts/${desk.accountId}`)).body['cash']).toBe('1000000.00');
  expect((await desk.ask(`GET /v1/approvals/${id}`)).body).toMatchObject({
    status: 'used',
    result: 'transfer_closed',
  });
  await cell.stop();
});
