import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkArchive, type ArchiveQuestion } from '../../../local/verify/archive/check.ts';
import { MemoryArchive } from '../../../platform/archive/memory.ts';
import { encodeRoot } from '../../../platform/archive/roots.ts';
import { RootKeeper } from '../../../platform/archive/root-keeper.ts';
import { hashOf } from '../../../platform/event-store/codec.ts';
import { headsOneByOne } from '../../../platform/event-store/heads-read.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { timestamp } from '../../../domain/values/time.ts';
import { archiveBatch, copyArchive } from '../../support/archive-copy.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { VirtualClock } from '../../platform/command-handler/virtual-clock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A cell's log with the real archive behind it, copied to `folder`. */
class Bench {
  readonly log = new MemoryEventStore();
  readonly archive = new MemoryArchive();
  readonly clock = new VirtualClock();
  readonly #keeper: RootKeeper;
  readonly #last = new Map<string, Commit>();

  constructor() {
    const { log, archive, clock } = this;
    this.#keeper = new RootKeeper({
      cell: 'test',
      archive,
      log: headsOneByOne(log),
      written: log,
      clock,
      onMissing: () => undefined,
    });
  }

  /** Commits of these streams, one after the other, in one batch of the feed. */
  async batch(...streams: readonly string[]): Promise<void> {
    const commits: Commit[] = [];
    for (const stream of streams) {
      const before = this.#last.get(stream);
      const commit = aCommit({
        stream,
        version: (before?.version ?? 0) + 1,
        commitId: anId(),
        at: this.clock.now(),
        events: [{ type: before ? 'OrderAccepted' : 'OrderPlaced', schema: 1, data: {} }],
        ...(before && { previousHash: hashOf(before) }),
      });
      await this.log.append([commit], []);
      this.#last.set(stream, commit);
      commits.push(commit);
    }
    await this.consume(commits);
    this.clock.advance(60_000);
  }

  async consume(commits: readonly Commit[], eventName?: string): Promise<void> {
    await archiveBatch({ cell: 'test', archive: this.archive }, commits, eventName);
  }

  async root(): Promise<void> {
    this.clock.advance(15 * 60_000);
    await this.#keeper.run();
  }

  async copy(): Promise<void> {
    await copyArchive(this.archive, folder);
  }
}

/** Three streams in three objects, and a root after each of the first two. */
async function copied(): Promise<Bench> {
  const bench = new Bench();
  await bench.batch('order-a', 'order-b', 'order-a');
  await bench.root();
  await bench.batch('order-b', 'order-c');
  await bench.root();
  await bench.batch('order-a');
  await bench.copy();
  return bench;
}

const files = (kind: 'commits' | 'roots') =>
  readdirSync(join(folder, kind), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
const textOf = (path: string) => gunzipSync(readFileSync(path)).toString('utf8');

/** As somebody would who knows how objects are named. */
function rewritten(path: string, change: (text: string) => string): void {
  const text = change(textOf(path));
  const name = path.replace(/[0-9a-f]{64}/, hash('sha256', text));
  writeFileSync(path, gzipSync(text));
  renameSync(path, name);
}

async function findings(more: Partial<ArchiveQuestion> = {}): Promise<readonly string[]> {
  const check = await checkArchive({ folder, ...more });
  expect(check.findingsInAll).toBe(check.findings.length);
  return check.findings.map(({ where, what }) => `${where}: ${what}`);
}

function item<Item>(items: readonly Item[], index: number): Item {
  const found = items[index];
  if (found === undefined) throw new RangeError(`there is no ${index}`);
  return found;
}

test('an archive that nobody touched has no finding, also when batches came twice and otherwise cut', async () => {
  const bench = await copied();
  const commits = await bench.log.read('order-b', 1);
  await bench.consume(commits);
  await bench.copy();
  expect(files('commits')).toHaveLength(4);
  const check = await checkArchive({ folder });
  expect(check).toMatchObject({ findingsInAll: 0, findings: [] });
  expect(check.cells).toMatchObject([
    {
      cell: 'test',
      commits: 6,
      streams: 3,
      objects: 4,
      roots: 2,
      newestRoot: { number: 2 },
      newerThanRoots: 1,
    },
  ]);
});

describe('what is done to objects of commits shows', () => {
  test('one that is gone: the streams in it, by gap, root or both', async () => {
    await copied();
    rmSync(item(files('commits'), 1));
    expect(await findings()).toEqual([
      'order-b version 2: is missing: root 2 has it, and what is here ends at version 1',
      'order-c version 1: is missing: root 2 has it, and nothing of the stream is here',
    ]);
    rmSync(item(files('commits'), 0));
    expect(await findings()).toContain('order-a version 3: version 1 is missing before it, or out of order');
  });

  test('one that is damaged', async () => {
    await copied();
    const path = item(files('commits'), 2);
    writeFileSync(path, readFileSync(path).subarray(0, -12));
    expect(await findings()).toEqual([
      expect.stringMatching(/^commits\/test\/.*: is damaged: it cannot be unpacked$/),
    ]);
  });

  test('a letter of a commit, under the old name and under a new one', async () => {
    await copied();
    const path = item(files('commits'), 0);
    const text = textOf(path);
    const altered = text.replace('OrderPlaced', 'OrderPlacee');
    writeFileSync(path, gzipSync(altered));
    expect(await findings()).toEqual([
      expect.stringContaining('it is not the text it is named after'),
      expect.stringMatching(/ line 1: its hash is /),
      expect.stringContaining('order-a version 1: a stream of this kind begins with OrderPlaced'),
    ]);
    writeFileSync(path, gzipSync(text));
    rewritten(path, () => altered);
    expect(await findings()).toEqual([
      expect.stringMatching(/ line 1: its hash is /),
      expect.stringContaining('order-a version 1: a stream of this kind begins with OrderPlaced'),
    ]);
  });

  test('a commit with a hash that fits: the next one, and the root that knew it, say otherwise', async () => {
    await copied();
    rewritten(item(files('commits'), 0), (text) => {
      const [first = '', ...others] = text.split('\n');
      const { kind, commit } = JSON.parse(first);
      const forged = JSON.stringify(commit).replace('"commitId":"c', '"commitId":"d');
      const line = `{"kind":"${kind}","hash":"${hash('sha256', forged, 'base64url')}","commit":${forged}}`;
      return [line, ...others].join('\n');
    });
    expect(await findings()).toEqual([
      expect.stringContaining('order-a version 2: it was written after a commit with hash'),
    ]);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    await copied();
    rewritten(item(files('commits'), 1), (text) => {
      const [one = '', last = ''] = text.trimEnd().split('\n');
      const { kind, commit } = JSON.parse(last);
      const forged = JSON.stringify(commit).replace('"commitId":"c', '"commitId":"d');
      return `${one}\n{"kind":"${kind}","hash":"${hash('sha256', forged, 'base64url')}","commit":${forged}}\n`;
    });
    expect(await findings()).toEqual([
      expect.stringMatching(/^order-c version 1: its hash is .*; root 2 says /),
    ]);
  });

  test('a line taken out under a name that fits', async () => {
    await copied();
    rewritten(item(files('commits'), 1), (text) => text.split('\n').slice(1).join('\n'));
    expect(await findings()).toEqual([
      'order-b version 2: is missing: root 2 has it, and what is here ends at version 1',
    ]);
  });

  test('what a reader could take for something else: another kind, or a line written otherwise', async () => {
    await copied();
    rewritten(item(files('commits'), 1), (text) => text.replace('"kind":"order"', '"kind":"account"'));
    expect(await findings()).toEqual([expect.stringMatching(/ line 1: order-b is no account$/)]);
    rewritten(item(files('commits'), 1), (text) => text.replace('"kind":"account"', '"kind":"order" '));
    expect(await findings()).toEqual([
      expect.stringMatching(/ line 1: is not written as an archive writes it$/),
    ]);
  });

  test('two of one commit', async () => {
    const bench = await copied();
    const [first] = await bench.log.read('order-c', 1);
    await bench.consume([{ ...aCommit(), ...first, commitId: anId() }]);
    await bench.copy();
    expect(await findings()).toEqual([
      expect.stringContaining('order-c version 1: there are two of it, the other in commits/test/'),
    ]);
  });

  test('a commit of another cell, and one that is filed under another day', async () => {
    const bench = await copied();
    await bench.consume([
      aCommit({
        stream: 'order-x',
        cell: 'other',
        at: bench.clock.now(),
        events: [{ type: 'OrderPlaced', schema: 1, data: {} }],
      }),
    ]);
    await bench.copy();
    expect(await findings()).toEqual([
      expect.stringMatching(/^order-x version 1: it is of cell other, and commits\/test\//),
    ]);
    const path = item(files('commits'), 0);
    const elsewhere = path.replace(/\d{16}-/, `${String(timestamp(5)).padStart(16, '0')}-`);
    renameSync(path, elsewhere);
    expect(await findings()).toContainEqual(
      expect.stringContaining('it is filed under another moment than that of its first commit'),
    );
  });

  test('what the archive was told of that is no commit, and what it was not', async () => {
    const bench = await copied();
    const [first] = await bench.log.read('order-c', 1);
    await bench.consume([{ ...aCommit(), ...first }], 'MODIFY');
    await bench.copy();
    writeFileSync(join(dirname(item(files('commits'), 0)), 'notes.txt'), 'hello');
    expect(await findings()).toEqual([
      expect.stringContaining('order-c version 1: somebody changed or removed it in the log (MODIFY)'),
      expect.stringMatching(/notes\.txt: no object of an archive is called so$/),
    ]);
  });
});

describe('what is done to roots shows', () => {
  test('one in the middle that is gone', async () => {
    const bench = await copied();
    await bench.root();
    await bench.copy();
    rmSync(item(files('roots'), 1));
    expect(await findings()).toEqual(['roots/test/0000000003.json.gz: root 2 before it is missing']);
  });

  test('the newest that are gone, to who kept its hash', async () => {
    await copied();
    const { newestRoot } = item((await checkArchive({ folder })).cells, 0);
    if (!newestRoot) throw new TypeError('there are roots');
    expect(await findings({ root: newestRoot })).toEqual([]);
    expect(await findings({ root: { ...newestRoot, number: 1 } })).toEqual([
      expect.stringMatching(/^root 1 of test: its hash is .*, not /),
    ]);
    rmSync(item(files('roots'), 1));
    expect(await findings({ root: newestRoot })).toEqual([
      'root 2 of test: is missing: the newest that is here is 1',
    ]);
  });

  test('one that was altered: the next does not follow it', async () => {
    await copied();
    const path = item(files('roots'), 0);
    writeFileSync(path, gzipSync(textOf(path).replace('"at":17', '"at":16')));
    expect(await findings()).toEqual([
      expect.stringContaining('roots/test/0000000002.json.gz: it follows a root with hash'),
    ]);
    writeFileSync(path, gzipSync(textOf(path).replace('"number":1', '"number":7')));
    expect(await findings()).toContain('roots/test/0000000001.json.gz: it says that it is root 7 of test');
    writeFileSync(path, 'nothing');
    expect(await findings()).toEqual(['roots/test/0000000001.json.gz: is damaged: it cannot be unpacked']);
  });

  test('a commit that never came to the archive', async () => {
    const bench = await copied();
    await bench.log.append([aCommit({ stream: 'order-z', commitId: anId(), at: bench.clock.now() })], []);
    await bench.root();
    await bench.copy();
    expect(await findings()).toEqual([
      'order-z version 1: is missing: root 3 has it, and nothing of the stream is here',
    ]);
  });

  test('a commit that the log had lost, and one that went back', async () => {
    await copied();
    const { newestRoot } = item((await checkArchive({ folder })).cells, 0);
    const heads = [
      { stream: 'order-a', version: 1, hash: 'earlier' },
      { stream: 'order-z', version: 4, hash: null },
    ];
    const { bytes } = await encodeRoot({
      format: 'ordercell-root',
      format_version: 1,
      cell: 'test',
      number: 3,
      at: (newestRoot?.at ?? 0) + 1,
      previous: newestRoot?.hash ?? '',
      place: '',
      heads,
    });
    writeFileSync(join(folder, 'roots/test/0000000003.json.gz'), bytes);
    expect(await findings()).toEqual([
      'order-a version 1: root 3 goes back to it; a root before had version 2',
      'order-z version 4: the log had no such commit when root 3 was made',
    ]);
  });

  test('that there are none any more', async () => {
    const bench = await copied();
    bench.clock.advance(2 * 3_600_000);
    await bench.batch('order-c');
    await bench.copy();
    expect(await findings()).toEqual([
      'roots of test: there are none after root 2, and commits go on for more than an hour',
    ]);
    rmSync(join(folder, 'roots'), { recursive: true });
    expect(await findings()).toEqual([
      'roots of test: there are none at all, and commits go on for more than an hour',
    ]);
  });
});
