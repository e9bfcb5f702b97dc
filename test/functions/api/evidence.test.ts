import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VenueReport } from '../../../domain/order/commands.ts';
import { executionId, orderId } from '../../../domain/values/ids.ts';
import { price } from '../../../domain/values/price.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { systemContext } from '../../../local/system-context.ts';
import { verify } from '../../../local/verify/check.ts';
import type { EvidenceFile } from '../../../local/verify/evidence-file.ts';
import { evidenceSchema } from '../../../functions/api/shapes/evidence-json.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;
let desk: Desk;

beforeAll(async () => {
  cell = await startTestCell();
  desk = new Desk(cell);
});
afterAll(() => cell.stop());

async function exported(id: string): Promise<{ readonly text: string; readonly file: EvidenceFile }> {
  const { status, body } = await desk.ask(`GET /v1/orders/${id}/evidence`);
  expect(status).toBe(200);
  const text = JSON.stringify(body);
  return { text, file: JSON.parse(text) };
}

test('a denied order is evidence too: which limit, and the value that decided it', async () => {
  const { body } = await cell.place({ limit_price: '3' });
  expect(body).toMatchObject({ reason: 'price_outside_collar' });
  const [row] = (await cell.ask(cell.key('first'), 'GET /v2/orders?status=closed')).list;
  const { text, file } = await exported(String(row?.['id']));
  expect(verify(text).findings).toEqual([]);
  expect(file.order).toMatchObject({ status: 'rejected', filled_lots: 0, held_cash: 0 });
  expect(file.streams.flatMap(({ commits }) => commits.map((commit) => commit.text)).join()).toMatch(
    /"limit":"[^"]+","observed":"3/,
  );
});

test('any outside id gives the file of the same order, as it is at that moment', async () => {
  const { id, replacementId } = await desk.replaced();
  const [first, second] = [await exported(id), await exported(replacementId)];
  expect(first.file.streams).toEqual(second.file.streams);
  expect(verify(first.text).findings).toEqual([]);
});

test("the account's life after the order is left out", async () => {
  const { body } = await cell.place();
  const id = String(body['id']);
  await desk.halt();
  await desk.second(`POST /v1/approvals/${await desk.askToLift()}/approve`);
  const { text, file } = await exported(id);
  const account = file.streams.find(({ stream }) => stream.startsWith('account-'));
  expect(account).toMatchObject({ extent: 'beginning', commits: [{ version: 1 }] });
  expect(verify(text).findings).toEqual([]);
});

test('a client order id, an idempotency key or a text cannot make other streams part of the file', async () => {
  await desk.halt();
  const approvalId = await desk.askToLift();
  await desk.second(`POST /v1/approvals/${approvalId}/approve`);
  const { body } = await cell.place();
  const venue = await cell.issue({ role: 'venue', venue_id: 'YSIM', person_id: 'other' });
  const headers = { 'idempotency-key': approvalId };
  const report = { report: 'accept', venue_order_id: 'V9' };
  await cell.ask(venue, `POST /v1/orders/${String(body['id'])}/reports`, { body: report, headers });
  const other = await cell.place({}, cell.key('second'));
  const otherAccount = `account-${cell.key('second').accountId}`;
  const { file } = await exported(String(body['id']));
  expect(file.streams.map(({ stream }) => stream)).not.toContain(`order-${String(other.body['id'])}`);
  expect(file.streams.map(({ stream }) => stream)).not.toContain(otherAccount);
});

test('it has nothing that opens a door: no secret, and no hash of one', async () => {
  const { body } = await cell.place();
  const { text } = await exported(String(body['id']));
  expect(text).not.toMatch(/secret/i);
  expect(text).not.toContain(cell.key('first').secret);
});

test('an order with 2,000 executions fits', async () => {
  const { body } = await cell.place({ qty: '2000' });
  const id = orderId(String(body['id']));
  const { reporting, clock } = cell.cell.dependencies;
  for (let fill = 1; fill <= 2_000; fill += 1) {
    const report: VenueReport = {
      report: 'execute',
      executionId: executionId(`fill-${fill}`),
      lastQuantity: quantity(1),
      lastPrice: price(9_999),
    };
    await reporting.report('XSIM', id, report, systemContext('a busy venue', clock));
  }
  const { text, file } = await exported(id);
  expect(file.manifest.commits).toBeGreaterThan(6_000);
  expect(Buffer.byteLength(text)).toBeLessThan(6 * 1024 * 1024);
  expect(verify(text).findings).toEqual([]);
});

test('the kill switches a decision was made under are there, up to the version it names', async () => {
  const stop = (symbol: string) =>
    desk.ask(`PUT /v1/kill-switches/instruments/${symbol}`, { on: true, reason: 'a test' });
  await stop('BRVO');
  await stop('CHRL');
  const { body } = await cell.place();
  await stop('DLTA');
  const { text, file } = await exported(String(body['id']));
  const thrown = file.streams.find(({ stream }) => stream === 'killswitch-local');
  expect(thrown?.extent).toBe('beginning');
  expect(thrown?.commits.map(({ version }) => version)).toEqual([1, 2]);
  expect(verify(text).findings).toEqual([]);
  const without = file.streams.filter((one) => one !== thrown);
  const whats = verify(JSON.stringify({ ...file, streams: without })).findings.map(({ what }) => what);
  expect(whats).toContain('it was decided under killswitch-local version 2, which is missing');
});

test('the answer has the shape it is described with', async () => {
  const { body } = await cell.place();
  expect(evidenceSchema.safeParse((await exported(String(body['id']))).file).error).toBeUndefined();
});
