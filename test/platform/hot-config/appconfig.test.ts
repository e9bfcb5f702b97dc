import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeConfigRecord } from '../../../functions/compose-hot-config.ts';
import { type Clock, systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { createAppConfigClient } from '../../../platform/hot-config/appconfig-client.ts';
import { AppConfigConfig } from '../../../platform/hot-config/appconfig-config.ts';
import { AppConfigSession } from '../../../platform/hot-config/appconfig-session.ts';
import { configHistory } from '../../../platform/hot-config/config-history.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { silent } from '../../../platform/telemetry/silent.ts';
import { AppConfigLoopback } from '../../support/appconfig-loopback.ts';
import { configWith } from '../../support/cell.ts';

/** Pauses pass a hundred times as fast: the service's 15 seconds take 150 milliseconds. */
const pace = 100;
const fast: Clock = { ...systemClock, sleep: (ms) => systemClock.sleep(ms / pace) };
const intervalMs = 15_000 / pace;
/** Timers of Node may fire a millisecond early. */
const grainMs = 2;

const configText = (zone: string) => JSON.stringify(configWith({ dayTimeZone: zone }));
const config = (zone: string) => ({ kind: 'config', text: configText(zone) }) as const;

let service: AppConfigLoopback;
let store: MemoryEventStore;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  service = await AppConfigLoopback.start();
  store = new MemoryEventStore();
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await service.stop();
});

function make(): AppConfigConfig {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = createAppConfigClient({ endpoint: service.endpoint, region: 'local', credentials });
  closing.push(() => client.destroy());
  const profile = { application: 'ordercell', environment: 'test', profile: 'hot' };
  const parts = { cell: 'test', store, clock: fast, random: systemRandom, log: silent.log };
  return new AppConfigConfig({
    session: new AppConfigSession(client, profile, fast),
    record: composeConfigRecord(parts),
    clock: fast,
    onFailure: () => undefined,
  });
}

async function start(): Promise<AppConfigConfig> {
  const made = make();
  closing.push(() => made.stop());
  await made.start();
  return made;
}

const zone = (source: AppConfigConfig) => source.current().config.document.dayTimeZone;
const until = (isSo: () => boolean) => expect.poll(isSo, { timeout: 8_000, interval: 5 }).toBe(true);
const polls = (count: number) => until(() => service.polls.length >= count);
const record = async () => {
  const history = await configHistory(store, 'test', deadlineIn(1_000, systemClock));
  return history.map(({ event }) => `${event.data.origin} ${event.type}`);
};

/** However a test went, nobody asked sooner than told, and no token twice unless its answer never came. */
function expectPatience(): void {
  for (const [index, { atMs }] of service.polls.entries()) {
    const before = service.polls[index - 1];
    if (before) expect(atMs - before.atMs).toBeGreaterThanOrEqual(intervalMs - grainMs);
  }
}

test('a change is in force with the poll that brings it, and on record once, whoever sees it', async () => {
  service.answer = config('UTC');
  const source = await start();
  expect(zone(source)).toBe('UTC');
  service.answer = config('Asia/Tokyo');
  await until(() => zone(source) === 'Asia/Tokyo');
  await start();
  await expect.poll(record).toEqual(['appconfig ConfigChanged', 'appconfig ConfigChanged']);
  expect(source.status()).toMatchObject({ source: 'appconfig' });
});

test('every poll brings the token of the one before, and an empty body changes nothing', async () => {
  service.answer = config('UTC');
  const source = await start();
  const { version } = source.current();
  service.answer = { kind: 'unchanged' };
  await polls(4);
  expect(service.polls.slice(0, 4).map(({ token }) => token)).toEqual([
    'token-1',
    'token-2',
    'token-3',
    'token-4',
  ]);
  expect(service.sessions).toHaveLength(1);
  expect(source.current().version).toBe(version);
  expect(source.status().error).toBeUndefined();
  expectPatience();
});

test('the service says how long to wait, and is obeyed', async () => {
  service.answer = config('UTC');
  service.intervalSeconds = 60;
  await start();
  const [first] = service.polls;
  await polls(2);
  expect((service.polls[1]?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(60_000 / pace - grainMs);
});

describe('the last good config stays, and the next change arrives, through', () => {
  test('a rejected token: a new session, and no sooner than told', async () => {
    service.answer = config('UTC');
    const source = await start();
    service.answer = { kind: 'reject' };
    await polls(3);
    expect(zone(source)).toBe('UTC');
    expect(source.status().error).toBeDefined();
    service.answer = config('Asia/Tokyo');
    await until(() => zone(source) === 'Asia/Tokyo');
    expect(service.sessions.length).toBe(service.polls.length - 1);
    expect(source.status().error).toBeUndefined();
    expectPatience();
  });

  test('an outage of polls, and then of sessions', async () => {
    service.answer = config('UTC');
    const source = await start();
    service.answer = { kind: 'fail' };
    await polls(3);
    expect(service.sessions).toHaveLength(1);
    service.answer = { kind: 'reject' };
    service.isSessionDown = true;
    const before = service.sessions.length;
    await until(() => service.sessions.length >= before + 3);
    const gaps = service.sessions
      .slice(before + 1)
      .map((at, index) => at - (service.sessions[before + index] ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(intervalMs - grainMs);
    expect(zone(source)).toBe('UTC');
    service.isSessionDown = false;
    service.answer = config('Asia/Tokyo');
    await until(() => zone(source) === 'Asia/Tokyo');
    expectPatience();
  });

  test('garbage, which is on record once, and stays an error while nothing new comes', async () => {
    service.answer = config('UTC');
    const source = await start();
    service.answer = { kind: 'config', text: '{"dayTimeZone":' };
    await polls(3);
    service.answer = { kind: 'unchanged' };
    await polls(5);
    expect(zone(source)).toBe('UTC');
    expect(source.status().error?.issues[0]?.message).toContain('is not JSON');
    service.answer = config('Asia/Tokyo');
    await until(() => zone(source) === 'Asia/Tokyo');
    await expect
      .poll(record)
      .toEqual(['appconfig ConfigChanged', 'appconfig ConfigRefused', 'appconfig ConfigChanged']);
    expectPatience();
  });

  test('another lot size, in which what is held would be something else', async () => {
    service.answer = config('UTC');
    const source = await start();
    const text = JSON.stringify(configWith({ 'instruments.0.lotSize': '10', dayTimeZone: 'Asia/Tokyo' }));
    service.answer = { kind: 'config', text };
    await until(() => source.status().error !== undefined);
    expect(source.status().error?.issues).toMatchObject([{ path: 'instruments.0.lotSize' }]);
    const another = make();
    await another.open();
    expect([zone(source), zone(another)]).toEqual(['UTC', 'UTC']);
    service.answer = config('Asia/Tokyo');
    await until(() => zone(source) === 'Asia/Tokyo');
    expect(await record()).toContain('appconfig ConfigRefused');
  });

  test('a record that cannot be read for the moment', async () => {
    service.answer = config('UTC');
    const source = await start();
    await expect.poll(record).toHaveLength(1);
    const readTail = store.readTail.bind(store);
    let failures = 0;
    store.readTail = () => {
      failures += 1;
      return Promise.reject(new StoreUnavailable('for the moment'));
    };
    const reads = store.read.bind(store);
    store.read = () => store.readTail('', '');
    service.answer = config('Asia/Tokyo');
    await until(() => failures > 0);
    service.answer = { kind: 'unchanged' };
    Object.assign(store, { readTail, read: reads });
    await until(() => zone(source) === 'Asia/Tokyo');
  });

  test('an answer that never comes', async () => {
    service.answer = config('UTC');
    const source = await start();
    service.answer = { kind: 'hang' };
    await polls(3);
    expect(zone(source)).toBe('UTC');
    service.answer = config('Asia/Tokyo');
    await until(() => zone(source) === 'Asia/Tokyo');
    expectPatience();
  });
});

test('a process that starts while the service is down begins with what is on record', async () => {
  service.answer = config('Asia/Tokyo');
  await (await start()).stop();
  service.answer = { kind: 'fail' };
  const late = await start();
  expect(zone(late)).toBe('Asia/Tokyo');
  expect(late.status().error).toBeDefined();
});

test('a cell that never had a config does not start without the service', async () => {
  service.isSessionDown = true;
  await expect(make().start()).rejects.toMatchObject({ name: 'ConfigMissing' });
});

test('a config of AppConfig is not changed here', async () => {
  service.answer = config('UTC');
  expect(await (await start()).change()).toEqual({ outcome: 'elsewhere' });
});
