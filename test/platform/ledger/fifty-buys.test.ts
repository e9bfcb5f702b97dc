import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { DynamoDbEventStore } from '../../../platform/event-store/dynamodb.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { EventStore } from '../../../platform/event-store/port.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { Desk } from '../../support/desk.ts';
import { localClient, newTables, onDynamoDb } from '../../support/on-dynamodb.ts';
import { rules } from '../../support/order.ts';

const buys = 50;
/** Of one order of 10 at 100.00 with a fee of 0.1 %. */
const cost = 100_100;
const cash = Math.ceil((buys * cost) / 3);
const fit = Math.floor(cash / cost);
const fees = { ratePpm: 1_000, perLotMicros: 0, minimum: 0 };

/** `processes`: handlers that know nothing of each other. */
async function buyAtOnce(store: EventStore, processes: number): Promise<void> {
  const desks = Array.from({ length: processes }, () => new Desk(store));
  const [first = new Desk(store)] = desks;
  const accountId = await first.account(cash);
  const watch = watchAvailable(first, accountId);
  const placed = await Promise.all(
    Array.from({ length: buys }, (_, index) =>
      (desks[index % processes] ?? first).place(accountId, { rules: rules({ fees }) }),
    ),
  );
  const states = placed.map(({ outcome }) => outcome.state);
  const denials = states.flatMap((state) => (state.kind === 'denied' ? [state.denial] : []));
  expect(states.filter(({ kind }) => kind === 'order')).toHaveLength(fit);
  expect(denials).toHaveLength(buys - fit);
  for (const { reason, limit, observed } of denials) {
    expect({ reason, observed }).toEqual({ reason: 'insufficient_funds', observed: '1001.00' });
    expect(Number(limit)).toBeLessThan(1001);
    expect(Number(limit)).toBeGreaterThanOrEqual(0);
  }
  expect(await first.cash(accountId)).toEqual([cash - fit * cost, fit * cost]);
  expect(Math.min(...(await watch()))).toBeGreaterThanOrEqual(0);
  expect(await reconcile(store)).toMatchObject({ differences: 0, findings: [], unsettled: [] });
  expect(desks.flatMap(({ quarantined }) => quarantined)).toEqual([]);
}

/** Looks at what is available again and again, until it is asked what it saw. */
function watchAvailable(desk: Desk, accountId: string): () => Promise<readonly number[]> {
  const seen: number[] = [];
  const done = new AbortController();
  const looking = (async () => {
    while (!done.signal.aborted) {
      const [available] = await desk.cash(accountId);
      seen.push(available);
      await new Promise(setImmediate);
    }
  })();
  return async () => {
    done.abort();
    await looking;
    return seen;
  };
}

test('fifty buys for three times the cash: those that fit, in memory', async () => {
  await buyAtOnce(new MemoryEventStore(), 5);
});

test('fifty buys for three times the cash: those that fit, in SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fifty-buys-'));
  const store = new SqliteEventStore(folder);
  try {
    await buyAtOnce(store, 5);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

await onDynamoDb('on DynamoDB', (endpoint) => {
  test('fifty buys for three times the cash: those that fit', async () => {
    const client = localClient(endpoint);
    const tables = await newTables(client);
    const store = new DynamoDbEventStore({ client, tables, clock: systemClock, random: systemRandom });
    await buyAtOnce(store, 5);
    client.destroy();
  });
});
