import { afterEach, expect, test } from 'vitest';
import type { CellOptions } from '../../../local/cell.ts';
import { unhurried } from '../../../platform/deadline/deadline.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { StreamClient, upTo } from '../../support/stream-client.ts';
import { eventually } from '../../support/eventually.ts';

let cell: TestCell | undefined;
const clients: StreamClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await cell?.stop();
  cell = undefined;
});

async function open(options: Partial<CellOptions> = {}): Promise<TestCell> {
  cell = await startTestCell(options);
  return cell;
}

function connect(to: TestCell, ...more: ['/stream', 'json' | 'msgpack'] | [string?]): StreamClient {
  const client = new StreamClient(to.address, ...more);
  clients.push(client);
  return client;
}

async function latest(of: TestCell): Promise<number> {
  await of.cell.views.drained();
  return of.cell.dependencies.accountFeed.latest(of.key('first').accountId ?? '', unhurried);
}

test('an update says what happened to which order, with its number in the feed of the account', async () => {
  const open_ = await open();
  const client = await connect(open_).listening(open_.key('first'));
  const { body } = await open_.place();
  await client.hasUpTo(await latest(open_));
  expect(client.updates[0]).toMatchObject({
    event: 'pending_new',
    event_id: '1',
    timestamp: body['submitted_at'],
    at: body['submitted_at'],
    order: body,
  });
});

test('an execution comes with its id, price, quantity and the position it leaves', async () => {
  const open_ = await open();
  const client = await connect(open_).listening(open_.key('first'));
  const connector = await open_.issue({ role: 'venue', venue_id: 'XSIM', person_id: 'connector' });
  const { body } = await open_.place();
  const execution = { execution_id: 'e1', qty: '4', price: '99.50' };
  const route = `POST /v1/orders/${String(body['id'])}/executions`;
  await open_.ask(connector, route, { body: execution, headers: { 'idempotency-key': 'e1' } });
  await client.hasUpTo(await latest(open_));
  expect(client.updates.at(-1)).toMatchObject({
    event: 'partial_fill',
    execution_id: 'e1',
    price: '99.5',
    qty: '4',
    position_qty: '4',
    order: { status: 'partially_filled', filled_qty: '4' },
  });
});

test('MessagePack and the other way to write a key work the same', async () => {
  const open_ = await open();
  const { keyId, secret } = open_.key('first');
  const client = await connect(open_, '/stream', 'msgpack').opened();
  client.send({ action: 'auth', key: keyId, secret });
  expect(await client.frame(({ stream }) => stream === 'authorization')).toEqual({
    stream: 'authorization',
    data: { action: 'authenticate', status: 'authorized' },
  });
  client.send({ action: 'listen', data: { streams: ['trade_updates', 'account_updates'] } });
  const listening = await client.frame(({ stream }) => stream === 'listening');
  expect(listening).toEqual({ stream: 'listening', data: { streams: ['trade_updates'] } });
  await open_.place();
  await client.hasUpTo(await latest(open_));
});

test('a client that connects again and says what it has gets the rest, once each and in order', async () => {
  const open_ = await open();
  const first = await connect(open_).listening(open_.key('first'));
  await open_.place();
  const had = await latest(open_);
  await first.hasUpTo(had);
  first.close();
  for (let count = 0; count < 250; count += 1) await open_.place({ qty: '1', limit_price: '20' });
  const second = await connect(open_).listening(open_.key('first'), { since_id: String(had) });
  await open_.place({ qty: '1', limit_price: '20' });
  const last = await latest(open_);
  await second.hasUpTo(last);
  expect([...first.numbers, ...second.numbers]).toEqual(upTo(last));
});

test('nobody hears of the orders of another account', async () => {
  const open_ = await open();
  const other = await connect(open_).listening(open_.key('second'));
  const own = await connect(open_).listening(open_.key('first'));
  await open_.place();
  await own.hasUpTo(await latest(open_));
  expect(other.updates).toEqual([]);
});

test('a wrong secret, an operator and silence are shown the door', async () => {
  const open_ = await open({ streams: { limits: { authenticateMs: 100 } } });
  const wrong = await connect(open_).opened();
  wrong.send({ action: 'auth', key: open_.key('first').keyId, secret: 'wrong' });
  const operator = await connect(open_).opened();
  const { keyId, secret } = open_.key('administrator');
  operator.send({ action: 'auth', key: keyId, secret });
  const silent = await connect(open_).opened();
  for (const client of [wrong, operator]) {
    expect(await client.isClosed()).toEqual({ code: 1008, reason: 'not-authenticated' });
    expect(client.frames).toEqual([
      { stream: 'authorization', data: { action: 'authenticate', status: 'unauthorized' } },
    ]);
  }
  expect(await silent.isClosed()).toEqual({ code: 1008, reason: 'not-authenticated' });
});

test('what makes no sense is answered with what would, and costs nobody the stream', async () => {
  const open_ = await open();
  const client = await connect(open_).listening(open_.key('first'));
  client.socket.send('{"action":');
  client.send({ action: 'listen', data: { streams: ['trade_updates'], since_id: 'yesterday' } });
  await eventually(() => expect(client.frames.filter(({ action }) => action === 'error')).toHaveLength(2));
  const error = client.frames.find(({ action }) => action === 'error');
  expect(JSON.stringify(error)).toContain('expected {');
  await open_.place();
  await client.hasUpTo(await latest(open_));
});

test('too many messages, too large ones and too many streams of one key are bounded', async () => {
  const open_ = await open({ streams: { limits: { messagesPerSecond: 5 } } });
  const flood = await connect(open_).opened();
  for (let count = 0; count < 6; count += 1) flood.send({ action: 'nothing' });
  expect(await flood.isClosed()).toEqual({ code: 1008, reason: 'too-many-messages' });
  const large = await connect(open_).opened();
  large.socket.send('x'.repeat(16 * 1024 + 1));
  expect(await large.isClosed()).toMatchObject({ code: 1009 });
  for (let count = 0; count < 10; count += 1) await connect(open_).listening(open_.key('first'));
  const eleventh = await connect(open_).opened();
  const { keyId, secret } = open_.key('first');
  eleventh.send({ action: 'auth', key: keyId, secret });
  expect(await eleventh.isClosed()).toEqual({ code: 1013, reason: 'too-many-streams' });
  await connect(open_).listening(open_.key('second'));
});

test('a key that is revoked loses its streams, and who has vanished is noticed', async () => {
  const open_ = await open({ streams: { limits: { pingMs: 100 } } });
  const { accountId = '' } = open_.key('first');
  const key = await open_.issue({ role: 'client', account_id: accountId });
  const client = await connect(open_).listening(key);
  const gone = await connect(open_).listening(open_.key('second'));
  gone.socket.pause();
  await eventually(() => expect(openStreams(open_)).toBe(1));
  await open_.ask(open_.key('administrator'), `DELETE /v1/keys/${key.keyId}`);
  expect(await client.isClosed()).toEqual({ code: 1008, reason: 'key-revoked' });
  expect(openStreams(open_)).toBe(0);
});

function openStreams({ cell: { dependencies } }: TestCell): number {
  return dependencies.streamSlots.open;
}

test('a cell that stops tells its clients, and does not wait for them', async () => {
  const open_ = await open();
  const client = await connect(open_).listening(open_.key('first'));
  await open_.stop();
  expect(await client.isClosed()).toEqual({ code: 1001, reason: 'stopping' });
});

test('there is no stream where nothing is', async () => {
  const open_ = await open();
  const client = connect(open_, '/streams');
  expect(await client.isClosed()).toMatchObject({ code: 404 });
});
