import { expect, test } from 'vitest';
import { DeadlineExceeded } from '../../../platform/deadline/deadline.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { sideFindings } from '../../../platform/ledger/book-audit.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { Market } from '../../support/market.ts';

/** Two trades, so that the first is certainly in its orders by now. */
async function traded() {
  const store = new MemoryEventStore();
  const market = new Market(store);
  const buyer = await market.desk.account(1_000_000);
  const seller = await market.desk.account(0, 100);
  for (const limitPrice of ['99', '98']) {
    await market.desk.place(seller, { side: 'sell', limitPrice });
    await market.pump();
    await market.desk.place(buyer, { limitPrice });
    await market.pump();
  }
  return store;
}

/** The log as a reader sees it who finds some commits changed. */
function reading(store: MemoryEventStore, change: (commit: Commit) => Commit | undefined): MemoryEventStore {
  const read = store.read.bind(store);
  store.read = async (...call) => (await read(...call)).flatMap((commit) => change(commit) ?? []);
  return store;
}

test('a market in which nothing is wrong has no differences', async () => {
  expect(await reconcile(await traded())).toMatchObject({ differences: 0, findings: [] });
});

test('a batch that comes out otherwise when it is matched again is found', async () => {
  const store = reading(await traded(), (commit) => {
    if (!commit.stream.startsWith('book-') || commit.version !== 2) return commit;
    const [event] = commit.events;
    return { ...commit, events: [{ ...event, data: { ...event.data, outputs: [] } }] };
  });
  const { findings } = await reconcile(store);
  expect(findings).toContainEqual(expect.objectContaining({ where: 'book-ACME', what: 'book' }));
});

/** As a reader sees it who finds one side of the first trade gone. */
function oneSided(store: MemoryEventStore): MemoryEventStore {
  return reading(store, (commit) => {
    const isExecution = commit.events.some(
      ({ type, data }) => type === 'OrderExecuted' && String(data['executionId']).endsWith('-2-1-S'),
    );
    return isExecution ? undefined : commit;
  });
}

test('a trade that one side does not have is found, and named', async () => {
  const { findings } = await reconcile(oneSided(await traded()));
  expect(findings).toContainEqual(
    expect.objectContaining({ where: 'book-ACME', what: 'version 2', found: 'nothing' }),
  );
});

test('who names the sides one by one ends it after any order', async () => {
  const store = oneSided(await traded());
  let read = 0;
  const timeIsUp = () => {
    read += 1;
    throw new DeadlineExceeded('time is up');
  };
  await expect(sideFindings(store, 'book-ACME', timeIsUp)).rejects.toThrow('time is up');
  expect(read).toBe(1);
});
