import { afterEach, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { StreamClient } from '../../support/stream-client.ts';
import { eventually } from '../../support/eventually.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const quick = { graceMs: 100, startGraceMs: 60_000, everyMs: 50 };

async function open(): Promise<TestCell> {
  const cell = await startTestCell({ streams: { disconnects: quick } });
  stops.push(() => cell.stop());
  const body = { cancel_on_disconnect: true };
  await cell.ask(cell.key('first'), 'PATCH /v2/account/configurations', { body });
  return cell;
}

async function connect(cell: TestCell): Promise<StreamClient> {
  const client = await new StreamClient(cell.address).listening(cell.key('first'));
  stops.push(() => client.close());
  return client;
}

async function placed(cell: TestCell): Promise<string> {
  const { body } = await cell.place({ time_in_force: 'opg', type: 'market', limit_price: undefined });
  return String(body['id']);
}

async function status(cell: TestCell, id: string): Promise<unknown> {
  return (await cell.ask(cell.key('first'), `GET /v2/orders/${id}`)).body['status'];
}

test('the orders of an account that asked for it end with its last connection', async () => {
  const cell = await open();
  const client = await connect(cell);
  const id = await placed(cell);
  client.close();
  await eventually(async () => expect(await status(cell, id)).toBe('canceled'));
});
