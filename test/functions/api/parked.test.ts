import { afterAll, beforeAll, expect, test } from 'vitest';
import { timestamp } from '../../../domain/values/time.ts';
import type { Attended } from '../../../platform/consumer/attended.ts';
import type { Parked } from '../../../platform/consumer/port.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';

/** Something that parks, and restores as many as the test says. */
class Stuck implements Attended {
  readonly name = 'stuck';
  entries: Parked[] = [];
  restorable = 0;
  isDown = false;

  async parked() {
    return this.entries;
  }

  async redrive() {
    if (this.isDown) throw new StoreUnavailable('down');
    const restored = this.entries.splice(0, this.restorable).length;
    return { restored, parked: this.entries.length };
  }
}

const entry = (index: number): Parked => ({
  stream: `order-${index}`,
  version: 3,
  error: 'CorruptCommit: order-7 version 3: events is not JSON',
  at: timestamp(1_763_856_000_000_000 + index),
});

let cell: TestCell;
const stuck = new Stuck();
beforeAll(async () => {
  cell = await startTestCell();
  cell.cell.dependencies.consumers.addOther(stuck);
});
afterAll(() => cell.stop());

const ask = (route: string) => cell.ask(cell.key('administrator'), route);

test('every consumer is listed, also one that has nothing parked', async () => {
  stuck.entries = [];
  const { status, list } = await ask('GET /v1/parked');
  expect(status).toBe(200);
  const names = list.map(({ consumer }) => String(consumer).replace(/\d+$/, ''));
  expect(names).toEqual(expect.arrayContaining(['views-', 'venue-reports', 'stuck']));
  expect(list.every(({ parked, entries }) => parked === 0 && Array.isArray(entries))).toBe(true);
});

test('what is parked says where it is, why and since when; the oldest come first and the count is of all', async () => {
  stuck.entries = Array.from({ length: 130 }, (_, index) => entry(129 - index));
  const { list } = await ask('GET /v1/parked');
  const shown = list.find(({ consumer }) => consumer === 'stuck');
  expect(shown).toMatchObject({ parked: 130 });
  const entries = shown?.['entries'];
  expect(entries).toHaveLength(100);
  expect(entries).toMatchObject(
    [
      { stream: 'order-0', version: 3, error: entry(0).error, at: '2025-11-23T00:00:00.000000Z' },
      { stream: 'order-1' },
    ].concat(Array.from({ length: 98 }, () => expect.anything())),
  );
});

test('driving again says what came of it', async () => {
  stuck.entries = [entry(1), entry(2), entry(3)];
  stuck.restorable = 2;
  const { status, body } = await ask('POST /v1/parked/stuck/redrive');
  expect([status, body]).toEqual([200, { consumer: 'stuck', restored: 2, parked: 1 }]);
});

test('a consumer whose store is down is to be driven again later', async () => {
  stuck.isDown = true;
  const { status, headers } = await ask('POST /v1/parked/stuck/redrive');
  stuck.isDown = false;
  expect([status, headers.has('retry-after')]).toEqual([503, true]);
});

test('real consumers are driven again by their names', async () => {
  for (const { name } of cell.cell.dependencies.consumers.consumers) {
    const { status, body } = await ask(`POST /v1/parked/${name}/redrive`);
    expect([status, body]).toEqual([200, { consumer: name, restored: 0, parked: 0 }]);
  }
});
