import { beforeEach, expect, test } from 'vitest';
import { money } from '../../../domain/values/money.ts';
import { reconcileSchedule } from '../../../functions/schedules/reconcile.ts';
import { CorruptCommit, StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { EmbeddedMetrics } from '../../../platform/telemetry/embedded-metrics.ts';
import type { Log } from '../../../platform/telemetry/port.ts';
import { FaultyStore } from '../../platform/command-handler/faulty-store.ts';
import { VirtualClock } from '../../platform/command-handler/virtual-clock.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { Desk } from '../../support/desk.ts';

let clock: VirtualClock;
let store: FaultyStore;
let desk: Desk;
let accountId: string;

/** What one line says, with the error's words as Lambda's log would have them. */
type Line = readonly [level: keyof Log, message: string, about: string];
let lines: Line[];
let counted: object;

beforeEach(async () => {
  clock = new VirtualClock();
  store = new FaultyStore(new MemoryEventStore());
  desk = new Desk(store);
  accountId = await desk.account(12_345, 7);
  await desk.place(await desk.account(1_000_000));
  lines = [];
});

async function round(runMs = 60_000) {
  const written: string[] = [];
  const metrics = new EmbeddedMetrics((line) => written.push(line), clock);
  const log: Log = {
    info: (message, about) => lines.push(['info', message, JSON.stringify(about)]),
    warn: (message, about) => lines.push(['warn', message, JSON.stringify(about)]),
    error: (message, error, about) =>
      lines.push(['error', message, `${String(error)} ${JSON.stringify(about)}`]),
  };
  try {
    return await reconcileSchedule({ store, clock, log, metrics, runMs })();
  } finally {
    metrics.flush();
    const { _aws, ...numbers } = Object.assign({}, ...written.map((line): object => JSON.parse(line)));
    counted = numbers;
  }
}

async function change(attribute: string, by: number): Promise<void> {
  const key = { owner: accountId, name: 'account' };
  const stray = aCommit({ stream: `other-${anId()}`, commitId: anId() });
  await store.append([stray], [{ key, conditions: [], add: { [attribute]: by } }], desk.deadline);
}

const whole = { streams: 6, commits: 6, accounts: 2, differences: 0, unsettled: 0 };

test('given books that agree with the log, it says what it read and counts nothing', async () => {
  expect(await round()).toMatchObject({ differences: 0 });
  expect(lines).toEqual([['info', 'reconciled', JSON.stringify(whole)]]);
  expect(counted).toEqual({});
});

test('given an account that somebody changed, it counts that and says where, but not what the account has', async () => {
  await change('available_USD', 5);
  expect(await round()).toMatchObject({ differences: 1 });
  expect(counted).toEqual({ reconcile_differences: 1 });
  const [[level, message, about] = []] = lines;
  expect([lines.length, level, message]).toEqual([1, 'error', 'accounts or books are not what the log says']);
  expect(about).toContain(`${accountId} account: available_USD`);
  expect(about).not.toMatch(/12345|12350/);
});

test('given more differences than a line holds, it counts all and names the first', async () => {
  const strays = Array.from({ length: 25 }, () => aCommit({ stream: `order-${anId()}`, commitId: anId() }));
  for (const stray of strays) await store.append([stray], [], desk.deadline);
  await round();
  expect(counted).toEqual({ reconcile_differences: 25 });
  expect(lines[0]?.[2].match(/order-\w+: version 1/g)).toHaveLength(10);
});

test('given a stream that cannot be read, it says which and goes through the others', async () => {
  const read = store.read.bind(store);
  store.read = async (...request) => {
    if (request[0].startsWith('order-')) throw new CorruptCommit('version 1: events is not JSON');
    return read(...request);
  };
  expect(await round()).toMatchObject({ streams: whole.streams });
  const [[level, , about] = []] = lines;
  expect(level).toBe('error');
  expect(about).toMatch(/order-[\w-]+: audit/);
  expect(counted).toEqual({ reconcile_differences: expect.any(Number) });
});

test('given accounts that are written while they are read, it says how many and calls none of them wrong', async () => {
  const readItems = store.readItems.bind(store);
  store.readItems = async (...request) => {
    const asset = { kind: 'cash', currency: 'USD', amount: money(100) } as const;
    if (request[0] === accountId) await desk.move(accountId, 'in', asset);
    return readItems(...request);
  };
  await round();
  expect(counted).toEqual({});
  expect(lines).toMatchObject([['info', 'reconciled', expect.stringContaining('"unsettled":1')]]);
});

test('given more to read than there is time, it is no clean bill: it counts that it knows nothing more', async () => {
  store.before = () => Promise.resolve(clock.advance(1));
  expect(await round(3)).toBeUndefined();
  expect(counted).toEqual({ reconcile_unfinished: 1 });
  expect(lines).toEqual([
    [
      'error',
      'the log was not reconciled: it is longer than there is time for',
      expect.stringContaining('DeadlineExceeded: 1 streams were read when the time was up'),
    ],
  ]);
});

test('given that it found something before its time was up, it counts and names that too', async () => {
  const strays = Array.from({ length: 3 }, () => aCommit({ stream: `account-${anId()}`, commitId: anId() }));
  for (const stray of strays) await store.append([stray], [], desk.deadline);
  const readItems = store.readItems.bind(store);
  store.readItems = (...request) => {
    clock.advance(10);
    return readItems(...request);
  };
  expect(await round(10)).toBeUndefined();
  expect(counted).toEqual({ reconcile_unfinished: 1, reconcile_differences: 3 });
  expect(lines).toHaveLength(2);
  for (const { stream } of strays) expect(lines[1]?.[2]).toContain(`${stream}: version 1`);
});

test('given a store that does not answer, the round fails, and says nothing of the books', async () => {
  store.before = () => Promise.reject(new StoreUnavailable('away'));
  await expect(round()).rejects.toThrow('away');
  expect([counted, lines]).toEqual([{}, []]);
});

test('given that it comes twice, it finds the same twice, and has written nothing', async () => {
  await change('held_USD', 1);
  store.calls.splice(0);
  const [first, second] = [await round(), await round()];
  expect(second).toEqual(first);
  expect(store.calls.filter((call) => !call.startsWith('read '))).toEqual([]);
});
