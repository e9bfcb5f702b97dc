import { expect, test } from 'vitest';
import { timestamp } from '../../../domain/values/time.ts';
import { MemoryArchive } from '../../../platform/archive/memory.ts';
import { type Archive, ArchiveUnavailable } from '../../../platform/archive/port.ts';
import { RootKeeper, type RootLimits } from '../../../platform/archive/root-keeper.ts';
import { decodeRoot, encodeRoot, rootName } from '../../../platform/archive/roots.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { hashOf } from '../../../platform/event-store/codec.ts';
import { headsOneByOne } from '../../../platform/event-store/heads-read.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit, StreamHead } from '../../../platform/event-store/port.ts';
import {
  lastOfEach,
  type WrittenStreams,
  writtenPageMax,
} from '../../../platform/event-store/written-streams.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';

const soon = () => deadlineIn(5_000, systemClock);

/** A log whose order is that of writing. */
class Bench {
  readonly archive: Archive = new MemoryArchive();
  readonly log = new MemoryEventStore();
  readonly clock = new VirtualClock();
  readonly missing: StreamHead[] = [];
  readonly #order: Commit[] = [];
  readonly #written: WrittenStreams = {
    written: async (place, until) => {
      const after = Number(place ?? 0);
      const rows = this.#order.slice(after, after + writtenPageMax).map((commit, index) => ({
        stream: commit.stream,
        version: commit.version,
        at: commit.at,
        sequence: after + index + 1,
      }));
      return lastOfEach(rows, after, until);
    },
  };

  keeper(limits: Partial<RootLimits> = {}, archive = this.archive): RootKeeper {
    return new RootKeeper({
      cell: 'test',
      archive,
      log: headsOneByOne(this.log),
      written: this.#written,
      clock: this.clock,
      onMissing: (head) => this.missing.push(head),
      limits,
    });
  }

  async append(stream: string, version = 1): Promise<Commit> {
    const commit = aCommit({ stream, version, commitId: anId(), at: this.#earlier() });
    await this.log.append([commit], []);
    this.#order.push(commit);
    return commit;
  }

  /** As the feed told of it, and nothing is there. */
  announce(stream: string): void {
    this.#order.push(aCommit({ stream, at: this.#earlier() }));
  }

  #earlier() {
    return timestamp(this.clock.now() - 600_000_000);
  }

  async root(number: number) {
    const name = rootName('test', number);
    const bytes = await this.archive.read(name, soon());
    return bytes && decodeRoot(name, bytes);
  }
}

test('the first root has every stream with the hash of its newest commit', async () => {
  const bench = new Bench();
  await bench.append('order-1');
  const second = await bench.append('order-1', 2);
  const account = await bench.append('account-1');
  const report = await bench.keeper().run();
  const kept = await bench.root(1);
  expect(kept?.root).toMatchObject({
    number: 1,
    previous: null,
    heads: [
      { stream: 'account-1', version: 1, hash: hashOf(account) },
      { stream: 'order-1', version: 2, hash: hashOf(second) },
    ],
  });
  expect(report).toEqual({
    roots: 1,
    streams: 2,
    newest: { number: 1, hash: kept?.hash },
    isBehind: false,
  });
});

test('the next root names the one before, and has what was written since', async () => {
  const bench = new Bench();
  await bench.append('order-1');
  await bench.keeper().run();
  await bench.append('order-2');
  await bench.keeper().run();
  const [first, second] = [await bench.root(1), await bench.root(2)];
  expect(second?.root.previous).toBe(first?.hash);
  expect(second?.root.heads.map(({ stream }) => stream)).toEqual(['order-2']);
});

test('when nothing was written there is a root all the same: it shows that somebody looked', async () => {
  const bench = new Bench();
  const keeper = bench.keeper();
  await keeper.run();
  expect(await keeper.run()).toMatchObject({ roots: 1, streams: 0, newest: { number: 2 } });
});

test.each([1, 2, 3, 7, 8, 20])(
  'the last of %i roots is found by a process that knows none',
  async (count) => {
    const bench = new Bench();
    for (let run = 0; run < count; run++) await bench.keeper().run();
    expect((await bench.keeper().run()).newest?.number).toBe(count + 1);
  },
);

test('what is too much for one root goes on in the next, and a run that has no time left says so', async () => {
  const bench = new Bench();
  for (let one = 0; one < writtenPageMax * 2; one++) await bench.append(`order-${one}`);
  const report = await bench.keeper({ headsMax: writtenPageMax }).run();
  expect(report).toMatchObject({ streams: writtenPageMax * 2, isBehind: false });
  expect(report.roots).toBeGreaterThan(1);

  const slow = new Bench();
  await slow.append('order-1');
  expect(await slow.keeper({ workMs: 0 }).run()).toMatchObject({ roots: 0, isBehind: true });
});

test('what was written a moment ago is left for the next root', async () => {
  const bench = new Bench();
  await bench.append('order-1');
  const keeper = bench.keeper({ settlingMs: 601_000 });
  expect(await keeper.run()).toMatchObject({ streams: 0 });
  bench.clock.advance(1_000);
  expect(await keeper.run()).toMatchObject({ streams: 1 });
});

test('a commit that was announced and is not in the log: the root says so, and somebody is woken', async () => {
  const bench = new Bench();
  bench.announce('order-9');
  await bench.keeper().run();
  expect((await bench.root(1))?.root.heads).toEqual([{ stream: 'order-9', version: 1, hash: null }]);
  expect(bench.missing).toEqual([{ stream: 'order-9', version: 1 }]);
});

test('of two runs at once one writes each root, and the chain holds', async () => {
  const bench = new Bench();
  await bench.append('order-1');
  await Promise.all([bench.keeper().run(), bench.keeper().run()]);
  await bench.keeper().run();
  for (let number = 2; await bench.root(number); number++)
    expect((await bench.root(number))?.root.previous).toBe((await bench.root(number - 1))?.hash);
});

test('a run that was cut off is simply repeated', async () => {
  const bench = new Bench();
  await bench.append('order-1');
  const dying = new (class extends MemoryArchive {
    override async keep(): Promise<never> {
      throw new ArchiveUnavailable('cut off');
    }
  })();
  await expect(bench.keeper({}, dying).run()).rejects.toThrow('cut off');
  await bench.keeper().run();
  expect((await bench.root(1))?.root.heads).toHaveLength(1);
});

test('what is under the name of a root and is none stops everything: nobody writes after it', async () => {
  const bench = new Bench();
  await bench.archive.keep(rootName('test', 1), new Uint8Array([1, 2, 3]), soon());
  await expect(bench.keeper().run()).rejects.toThrow('is no root');
});

test('the same content has the same hash', async () => {
  const bench = new Bench();
  await bench.keeper().run();
  const kept = await bench.root(1);
  expect(kept && (await encodeRoot(kept.root)).hash).toBe(kept?.hash);
});
