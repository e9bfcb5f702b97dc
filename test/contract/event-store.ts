import { afterAll, beforeAll, describe } from 'vitest';
import { appendContract } from './event-store-append.ts';
import { type Adapter, Bench } from './event-store-bench.ts';
import { itemContract } from './event-store-items.ts';
import { limitContract } from './event-store-limits.ts';
import { modelContract } from './event-store-model.ts';
import { readContract } from './event-store-reads.ts';
import { transactionContract } from './event-store-transactions.ts';

/** Every rule an event store keeps, whatever it is made of. */
export function eventStoreContract(name: string, adapter: Adapter): void {
  describe(`${name} as an event store`, () => {
    const bench = new Bench(adapter);
    beforeAll(() => bench.open());
    afterAll(() => bench.store.close());
    appendContract(bench);
    readContract(bench);
    itemContract(bench);
    transactionContract(bench);
    limitContract(bench);
    modelContract(bench);
  });
}
