import { describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { localFeedContract } from '../../contract/local-feed.ts';
import { aCommit } from '../../support/commits.ts';

const adapter = { open: async () => new MemoryEventStore(), noticesGaps: true, histories: 200 };

eventStoreContract('memory', adapter);
localFeedContract('memory', adapter.open);

describe('the memory store', () => {
  test('keeps no reference to what it was given', async () => {
    const store = new MemoryEventStore();
    const data = { quantity: 1 };
    await store.append([aCommit({ events: [{ type: 'A', schema: 1, data }] })], []);
    data.quantity = 2;
    expect((await store.read('order-1', 1))[0]?.events[0].data).toEqual({ quantity: 1 });
  });

  test('answers nothing after it was closed', async () => {
    const store = new MemoryEventStore();
    await store.close();
    await expect(store.append([aCommit()], [])).rejects.toThrow(StoreUnavailable);
    await expect(store.read('order-1', 1)).rejects.toThrow(StoreUnavailable);
  });
});
