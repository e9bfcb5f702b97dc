import { beforeAll, describe, expect, test } from 'vitest';
import { timestamp } from '../../domain/values/time.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { deadlineIn, longestCallMs } from '../../platform/deadline/deadline.ts';
import { type DeliveryLine, newLine } from '../../platform/webhooks/line.ts';
import {
  type DeliveryRecord,
  type DeliveryStatus,
  type DeliveryStore,
  parkedKept,
  pruneEvery,
  recordsKept,
} from '../../platform/webhooks/port.ts';
import { anId } from '../support/commits.ts';

/** Every rule that the store of deliveries keeps, whatever it is made of. */
export function deliveryStoreContract(name: string, open: () => Promise<DeliveryStore>): void {
  describe(`${name} as the store of deliveries`, () => {
    let store: DeliveryStore;
    beforeAll(async () => {
      store = await open();
    });
    const soon = () => deadlineIn(longestCallMs, systemClock);
    const parkedCount = async () => (await store.parked(10_000, soon())).length;
    const written = (line: DeliveryLine, ...records: DeliveryRecord[]) =>
      store.advance(line, records, soon());

    test('a line is what was written, and one revision on', async () => {
      const id = anId();
      const tries = { number: 8, made: 1, nextAt: timestamp(5) };
      const line = { ...newLine(id, 7), current: tries, again: [{ ...tries, number: 3 }], parkedInARow: 2 };
      expect(await store.line(id, soon())).toBeUndefined();
      expect(await written(line, a(id, 8, 'retrying'))).toBe('written');
      expect(await store.line(id, soon())).toEqual({ ...line, revision: 1 });
    });

    test('of two who write from one revision one does, and the other has written nothing', async () => {
      const id = anId();
      await written(newLine(id, 0));
      const from = { ...newLine(id, 0), revision: 1 };
      const results = await Promise.all([
        written({ ...from, finished: 1 }, a(id, 1, 'delivered')),
        written({ ...from, finished: 2 }, a(id, 2, 'delivered')),
      ]);
      expect(results.toSorted()).toEqual(['conflict', 'written']);
      const line = await store.line(id, soon());
      const records = await store.records(id, { limit: 10 }, soon());
      expect(records.map(({ number }) => number)).toEqual([line?.finished]);
      expect(await written(newLine(id, 0))).toBe('conflict');
    });

    test('records come newest first, from where one asks, by status', async () => {
      const id = anId();
      const all = [a(id, 1, 'delivered'), a(id, 2, 'parked'), a(id, 3, 'delivered'), a(id, 4, 'retrying')];
      await written(newLine(id, 4), ...all);
      const numbers = async (query: Partial<Parameters<DeliveryStore['records']>[1]>) =>
        (await store.records(id, { limit: 10, ...query }, soon())).map(({ number }) => number);
      expect(await numbers({})).toEqual([4, 3, 2, 1]);
      expect(await numbers({ limit: 2 })).toEqual([4, 3]);
      expect(await numbers({ before: 3 })).toEqual([2, 1]);
      expect(await numbers({ status: 'delivered' })).toEqual([3, 1]);
      expect(await numbers({ status: 'delivered', limit: 1 })).toEqual([3]);
      expect(await numbers({ status: 'parked' })).toEqual([2]);
      expect(await numbers({ status: 'parked', before: 2 })).toEqual([]);
      expect(await store.record(id, 2, soon())).toEqual(all[1]);
      expect(await store.record(id, 5, soon())).toBeUndefined();
    });

    test('what is parked is found among all webhooks until it is tried again', async () => {
      const [one, other] = [anId(), anId()];
      const before = await parkedCount();
      await written(newLine(one, 1), a(one, 1, 'parked'));
      await written(newLine(other, 1), a(other, 1, 'parked'));
      expect(await parkedCount()).toBe(before + 2);
      const ours = (await store.parked(1_000, soon())).filter(({ webhookId }) => webhookId === one);
      expect(ours).toEqual([a(one, 1, 'parked')]);
      expect(await store.parked(1, soon())).toHaveLength(1);
      await written({ ...newLine(one, 1), revision: 1 }, a(one, 1, 'retrying'));
      expect(await parkedCount()).toBe(before + 1);
      await written({ ...newLine(one, 1), revision: 2 }, a(one, 1, 'delivered'));
      expect(await parkedCount()).toBe(before + 1);
    });

    test('old records go, parked ones later, and what is being tried never', async () => {
      const id = anId();
      const finished = parkedKept + 10;
      const kept = finished - recordsKept + 1;
      const records = [
        a(id, 1, 'delivered'),
        a(id, 2, 'parked'),
        a(id, 3, 'retrying'),
        a(id, 11, 'parked'),
        a(id, kept - 1, 'delivered'),
        a(id, kept, 'delivered'),
      ];
      await written(newLine(id, finished), ...records);
      for (let revision = 1; revision <= pruneEvery; revision += 1)
        await written({ ...newLine(id, finished), revision });
      const left = await store.records(id, { limit: 10 }, soon());
      expect(left.map(({ number }) => number)).toEqual([kept, 11, 3]);
      expect(await store.records(id, { status: 'parked', limit: 10 }, soon())).toEqual([a(id, 11, 'parked')]);
    });

    test('of a webhook that is forgotten nothing is left, and of no other anything is gone', async () => {
      const [one, other] = [anId(), anId()];
      for (const id of [one, other]) await written(newLine(id, 2), a(id, 1, 'parked'), a(id, 2, 'delivered'));
      const before = await parkedCount();
      await store.forget(one, soon());
      expect(await store.line(one, soon())).toBeUndefined();
      expect(await store.records(one, { limit: 10 }, soon())).toEqual([]);
      expect(await parkedCount()).toBe(before - 1);
      expect(await store.records(other, { limit: 10 }, soon())).toHaveLength(2);
    });
  });
}

function a(webhookId: string, number: number, status: DeliveryStatus): DeliveryRecord {
  const tried = status === 'delivered' ? { answered: 200 } : { fault: 'timed_out' as const };
  const next = status === 'retrying' && { nextAt: timestamp(9) };
  return { webhookId, number, event: 'new', status, attempts: 1, at: timestamp(number), ...tried, ...next };
}
