import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeConfigRecord } from '../../../functions/compose-hot-config.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { ConfigFile } from '../../../platform/hot-config/config-file.ts';
import { configAt, configHistory } from '../../../platform/hot-config/config-history.ts';
import { FileConfig } from '../../../platform/hot-config/file-config.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { silent } from '../../../platform/telemetry/silent.ts';
import { configWith } from '../../support/cell.ts';

/** Dies at the moment a test chooses, as a process does: what it was asked to write is written or not, and nothing more comes. */
class DyingStore extends MemoryEventStore {
  dies: 'before' | 'after' | undefined;

  override async append(...request: Parameters<MemoryEventStore['append']>) {
    if (this.dies === undefined) return super.append(...request);
    if (this.dies === 'after') await super.append(...request);
    throw new StoreUnavailable('the process is gone');
  }
}

const seed = configWith({});
const tokyo = configWith({ dayTimeZone: 'Asia/Tokyo' });
const paris = configWith({ dayTimeZone: 'Europe/Paris' });

let folder: string;
let store: DyingStore;
let path: string;
const running: FileConfig[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hot-config-'));
  path = join(folder, 'config.json');
  store = new DyingStore();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((config) => config.stop()));
  await rm(folder, { recursive: true });
});

const deadline = () => deadlineIn(2_000, systemClock);
const context = () => ({ actor: { kind: 'operator', id: 'ann' } as const, deadline: deadline() });
const history = () => configHistory(store, 'test', deadline());
const outcomes = async () =>
  (await history()).map(
    ({ event }) => `${event.data.origin} ${event.type === 'ConfigChanged' ? 'in force' : event.data.why}`,
  );

function make(): FileConfig {
  const parts = { cell: 'test', store, clock: systemClock, random: systemRandom, log: silent.log };
  return new FileConfig({
    file: new ConfigFile(folder),
    record: composeConfigRecord(parts),
    clock: systemClock,
    seed,
    onFailure: () => undefined,
  });
}

async function start(): Promise<FileConfig> {
  const config = make();
  running.push(config);
  await config.start();
  return config;
}

const zone = (config: FileConfig) => config.current().config.document.dayTimeZone;
const inFile = () => (JSON.parse(readFileSync(path, 'utf8')) as { dayTimeZone: string }).dayTimeZone;

/** The cell looks four times a second; a test machine may be busy for longer than that. */
const until = (isSo: () => boolean) => expect.poll(isSo, { interval: 10 }).toBe(true);

test('the first start makes the file of the seed, and puts it on record', async () => {
  await start();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(seed);
  expect(await outcomes()).toEqual(['seed in force']);
});

describe('an edit by hand', () => {
  test('is in force, and on record as nobody’s', async () => {
    const config = await start();
    writeFileSync(path, JSON.stringify(tokyo));
    await until(() => zone(config) === 'Asia/Tokyo');
    expect(await outcomes()).toEqual(['seed in force', 'file in force']);
    expect((await history()).at(-1)?.event.data.by).toBeUndefined();
  });

  test('is seen when the file is replaced as editors do', async () => {
    const config = await start();
    writeFileSync(`${path}.new`, JSON.stringify(tokyo));
    renameSync(`${path}.new`, path);
    await until(() => zone(config) === 'Asia/Tokyo');
  });

  test('that makes no sense changes nothing, is on record once, and says where it is wrong', async () => {
    const config = await start();
    writeFileSync(path, JSON.stringify(configWith({ 'instruments.1.lotSize': '-1' })));
    await until(() => config.status().error !== undefined);
    expect(config.status().error?.issues).toMatchObject([{ path: 'instruments.1.lotSize' }]);
    expect(zone(config)).toBe('UTC');
    writeFileSync(path, JSON.stringify(tokyo));
    await until(() => zone(config) === 'Asia/Tokyo');
    expect(config.status().error).toBeUndefined();
    expect(await outcomes()).toEqual(['seed in force', 'file invalid', 'file in force']);
  });

  test('that is half written is not refused when the rest comes', async () => {
    const config = await start();
    const text = JSON.stringify(tokyo);
    writeFileSync(path, text.slice(0, 500));
    writeFileSync(path, text);
    await until(() => zone(config) === 'Asia/Tokyo');
    expect(await outcomes()).toEqual(['seed in force', 'file in force']);
  });

  test('that takes the file away leaves the last good one in force, and the next start puts it back', async () => {
    const config = await start();
    rmSync(path);
    await until(() => config.status().error !== undefined);
    expect(zone(config)).toBe('UTC');
    await config.stop();
    await start();
    expect(inFile()).toBe('UTC');
  });

  test('while the cell is down is on record when it starts', async () => {
    const before = await start();
    await before.stop();
    writeFileSync(path, JSON.stringify(tokyo));
    expect(zone(await start())).toBe('Asia/Tokyo');
    expect(await outcomes()).toEqual(['seed in force', 'file in force']);
  });

  test('that makes no sense while the cell is down leaves it with what is on record', async () => {
    const before = await start();
    await before.stop();
    writeFileSync(path, '{"dayTimeZone":');
    const config = await start();
    expect(zone(config)).toBe('UTC');
    expect(config.status().error?.issues[0]?.message).toContain('is not JSON');
  });
});

test('a new cell whose file makes no sense does not start', async () => {
  writeFileSync(path, '{}');
  await expect(make().start()).rejects.toMatchObject({ name: 'InvalidConfig' });
});

describe('a change through the API', () => {
  test('is in the file, and an edit by hand that came first is not lost without a trace', async () => {
    const config = await start();
    const base = config.current().version;
    expect(await config.change({ document: tokyo, base, by: 'ann' }, context())).toMatchObject({
      outcome: 'changed',
      previous: base,
    });
    expect(inFile()).toBe('Asia/Tokyo');
    writeFileSync(path, JSON.stringify(paris));
    const late = await config.change({ document: seed, base: config.current().version }, context());
    expect(late).toMatchObject({ outcome: 'stale', version: config.current().version });
    expect(zone(config)).toBe('Europe/Paris');
  });

  test('that dies before it is on record never was; after that it is in force with the next start', async () => {
    for (const dies of ['before', 'after'] as const) {
      const config = await start();
      store.dies = dies;
      const change = config.change({ document: tokyo, by: 'ann' }, context());
      await expect(change).rejects.toMatchObject({ name: 'StoreUnavailable' });
      expect(inFile()).toBe('UTC');
      store.dies = undefined;
      running.pop();
      await config.stop();
      expect(zone(await start())).toBe(dies === 'before' ? 'UTC' : 'Asia/Tokyo');
      expect(readdirSync(folder)).toEqual(['config.json']);
    }
    expect(inFile()).toBe('Asia/Tokyo');
    expect((await history()).at(-1)?.event.data).toMatchObject({ origin: 'api', by: 'ann' });
  });

  test('whose answer was lost settles in the running cell too', async () => {
    const config = await start();
    store.dies = 'after';
    const change = config.change({ document: tokyo }, context());
    await expect(change).rejects.toMatchObject({ name: 'StoreUnavailable' });
    store.dies = undefined;
    await until(() => zone(config) === 'Asia/Tokyo');
    await until(() => inFile() === 'Asia/Tokyo');
  });
});

test('any version’s document can be rebuilt from the record', async () => {
  const config = await start();
  const documents = [seed, tokyo, paris, configWith({ instruments: [] }), tokyo];
  const versions = [config.current().version];
  for (const document of documents.slice(1)) {
    await config.change({ document }, context());
    versions.push(config.current().version);
  }
  for (const [index, version] of versions.entries()) {
    expect((await configAt(store, 'test', version, deadline()))?.document).toEqual(documents[index]);
  }
  expect(await configAt(store, 'test', 'never', deadline())).toBeUndefined();
});
