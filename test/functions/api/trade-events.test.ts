import { afterEach, beforeEach, expect, test } from 'vitest';
import { unhurried } from '../../../platform/deadline/deadline.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { upTo } from '../../support/stream-client.ts';
import { eventually } from '../../support/eventually.ts';

let cell: TestCell;
const readers: Reader[] = [];

beforeEach(async () => {
  cell = await startTestCell();
});
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.leave();
  await cell.stop();
});

/** Reads server-sent events until it leaves. */
class Reader {
  text = '';
  isOver = false;
  readonly #leaving = new AbortController();
  readonly #reading: Promise<void>;

  constructor(path: string, headers: Readonly<Record<string, string>> = {}) {
    this.#reading = this.#read(path, headers).catch(() => undefined);
    readers.push(this);
  }

  async #read(path: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const { keyId, secret } = cell.key('first');
    const answer = await fetch(cell.address + path, {
      headers: { 'apca-api-key-id': keyId, 'apca-api-secret-key': secret, ...headers },
      signal: this.#leaving.signal,
    });
    for await (const part of answer.body ?? []) this.text += Buffer.from(part).toString('utf8');
    this.isOver = true;
  }

  get ids(): readonly number[] {
    return [...this.text.matchAll(/^id: (\d+)\ndata: \{.*\}\n\n/gm)].map(([, id]) => Number(id));
  }

  async has(ids: readonly number[]): Promise<void> {
    await eventually(() => expect(this.ids).toEqual(ids));
  }

  async isOpen(): Promise<this> {
    await eventually(() => expect(this.text).toContain('retry: 1000'));
    return this;
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#reading;
  }
}

async function place(count: number): Promise<number> {
  for (let placed = 0; placed < count; placed += 1) await cell.place({ qty: '1', limit_price: '20' });
  await cell.cell.views.drained();
  return cell.cell.dependencies.accountFeed.latest(cell.key('first').accountId ?? '', unhurried);
}

test('without a beginning only what happens from now on is told', async () => {
  const before = await place(2);
  const reader = await new Reader('/v2/events/trades').isOpen();
  const last = await place(1);
  await reader.has(upTo(last, before + 1));
});

test('since_id is the last one that is known, until_id the last one that is told, and then it ends', async () => {
  await place(5);
  const { status, headers } = await cell
    .ask(cell.key('first'), 'GET /v2/events/trades?since_id=0&until_id=1')
    .catch((error: unknown) => {
      throw error;
    });
  expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const reader = new Reader('/v2/events/trades?since_id=1&until_id=4');
  await eventually(() => expect(reader.isOver).toBe(true));
  expect(reader.ids).toEqual([2, 3, 4]);
});

test('a connection that broke off goes on where Last-Event-ID says, without gap or repeat', async () => {
  const first = await new Reader('/v2/events/trades?since_id=0').isOpen();
  const had = await place(150);
  await first.has(upTo(had));
  await first.leave();
  const last = await place(150);
  const second = new Reader('/v2/events/trades?since_id=0', { 'last-event-id': String(had) });
  await second.has(upTo(last, had + 1));
});

test('since and until are times: from the first that happened then, to the last', async () => {
  const early = await place(1);
  cell.clock.set('2026-11-23T15:01:00Z');
  const middle = await place(2);
  cell.clock.set('2026-11-23T15:02:00Z');
  await place(1);
  const reader = new Reader('/v2/events/trades?since=2026-11-23T15:00:30Z&until=2026-11-23T15:01:30Z');
  await eventually(() => expect(reader.isOver).toBe(true));
  expect(reader.ids).toEqual(upTo(middle, early + 1));
});

test.each([
  ['since=2026-11-23&since_id=1', 'since'],
  ['until=2026-11-23', 'until'],
  ['until_id=4', 'until_id'],
  ['since_id=abc', 'since_id'],
])('%s is refused, and says which is wrong', async (query, field) => {
  const { status, body } = await cell.ask(cell.key('first'), `GET /v2/events/trades?${query}`);
  expect([status, body['field']]).toEqual([422, field]);
});

test('a Last-Event-ID that is none is refused', async () => {
  const headers = { 'last-event-id': 'abc' };
  const { status, body } = await cell.ask(cell.key('first'), 'GET /v2/events/trades', { headers });
  expect([status, body['field']]).toEqual([400, 'Last-Event-ID']);
});

test('one key has ten streams at most, and gets the place back when one ends', async () => {
  const open = upTo(10).map(() => new Reader('/v2/events/trades'));
  await Promise.all(open.map((reader) => reader.isOpen()));
  const { status, body } = await cell.ask(cell.key('first'), 'GET /v2/events/trades');
  expect([status, body['reason']]).toEqual([429, 'too_many_streams']);
  await open[0]?.leave();
  await eventually(() => expect(cell.cell.dependencies.streamSlots.open).toBe(9));
  await new Reader('/v2/events/trades').isOpen();
});

test('HEAD is answered, and keeps nothing open', async () => {
  const answer = await cell.ask(cell.key('first'), 'HEAD /v2/events/trades');
  expect(answer.status).toBe(200);
  await eventually(() => expect(cell.cell.dependencies.streamSlots.open).toBe(0));
});

test('a cell that stops ends the events, and does not wait for their readers', async () => {
  const reader = await new Reader('/v2/events/trades').isOpen();
  await cell.stop();
  await eventually(() => expect(reader.isOver).toBe(true));
});
