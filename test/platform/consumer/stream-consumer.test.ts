import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { ConsumerContended } from '../../../platform/consumer/errors.ts';
import type { Advance, EffectStore, Parked, Projection, Written } from '../../../platform/consumer/port.ts';
import { StreamConsumer } from '../../../platform/consumer/stream-consumer.ts';
import { sweep } from '../../../platform/consumer/sweep.ts';
import { type Deadline, deadlineIn } from '../../../platform/deadline/deadline.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { MemoryViews } from '../../../platform/views/memory.ts';
import { aCommit, anId } from '../../support/commits.ts';

/** Sums what the events carry, and cannot read an event of type `Poison`. */
const sums: Projection<number, string> = {
  name: 'sums',
  kinds: ['thing'],
  initial: 0,
  apply(memory, { version, events }) {
    if (events[0].type === 'Poison') throw new TypeError('cannot read this');
    return { memory: memory + version, effect: `v${version}` };
  },
  restore: (stored) => Number(stored),
};

class Effects implements EffectStore<string> {
  readonly savesMarks = true;
  settled = 0;
  readonly written: Advance<string>[] = [];
  readonly marks: string[] = [];
  readonly applied = new Map<string, { applied: number; memory?: unknown }>();
  /** Runs before each write, and may throw or apply something as somebody else would. */
  before: (advances: readonly Advance<string>[]) => void = () => undefined;

  async settle() {
    this.settled += 1;
  }

  async progress(streams: readonly string[], _deadline: Deadline) {
    return new Map(
      streams.flatMap((stream) => {
        const progress = this.applied.get(stream);
        return progress ? [[stream, progress] as const] : [];
      }),
    );
  }

  async write(advances: readonly Advance<string>[], _deadline: Deadline, mark?: string) {
    this.before(advances);
    const results = advances.map((advance): Written => {
      if ((this.applied.get(advance.stream)?.applied ?? 0) !== advance.from) return 'conflict';
      this.written.push(advance);
      this.applied.set(advance.stream, { applied: advance.to, memory: advance.memory });
      return 'written';
    });
    if (mark !== undefined && !results.includes('conflict')) this.marks.push(mark);
    return results;
  }
}

class Bench {
  readonly log = new MemoryEventStore();
  readonly effects = new Effects();
  readonly parking = new MemoryViews();
  readonly alarms: Parked[] = [];
  reads = 0;
  projection = sums;

  consumer(commitsMax = 4) {
    return new StreamConsumer({
      projection: { ...sums, apply: (memory, commit) => this.projection.apply(memory, commit) },
      effects: this.effects,
      parking: this.parking,
      log: {
        read: (stream, from) => {
          this.reads += 1;
          return this.log.read(stream, from);
        },
      },
      clock: systemClock,
      onParked: (_, parked) => this.alarms.push(parked),
      limits: { commitsMax },
    });
  }

  async stream(count: number, poisonAt = 0, kind = 'thing'): Promise<readonly Commit[]> {
    const stream = `${kind}-${anId()}`;
    const commits = Array.from({ length: count }, (_, index) => {
      const type = index + 1 === poisonAt ? 'Poison' : 'Happened';
      return aCommit({
        stream,
        version: index + 1,
        commitId: anId(),
        events: [{ type, schema: 1, data: {} }],
      });
    });
    for (const commit of commits) await this.log.append([commit], []);
    return commits;
  }

  get deadline(): Deadline {
    return deadlineIn(3_000, systemClock);
  }
}

const at = (commits: readonly Commit[], version: number): Commit => {
  const commit = commits[version - 1];
  if (!commit) throw new Error(`there is no version ${version}`);
  return commit;
};

describe('the one consumer rule', () => {
  test('what was applied is dropped, without a write or a read of the log', async () => {
    const bench = new Bench();
    const commits = await bench.stream(2);
    const consumer = bench.consumer();
    await consumer.deliver(commits, bench.deadline);
    const again = await consumer.deliver([at(commits, 1), at(commits, 2), at(commits, 1)], bench.deadline);
    expect(again).toEqual({ applied: 0, parked: 0, isMarked: false });
    expect(bench.effects.written).toHaveLength(1);
    expect(bench.reads).toBe(0);
  });

  test('what is missing is loaded from the log, and only then', async () => {
    const bench = new Bench();
    const commits = await bench.stream(5);
    const consumer = bench.consumer(16);
    await consumer.deliver([at(commits, 1)], bench.deadline);
    expect(bench.reads).toBe(0);
    await consumer.deliver([at(commits, 4)], bench.deadline);
    expect(bench.reads).toBe(1);
    expect(bench.effects.written.map(({ from, to, effects }) => [from, to, effects])).toEqual([
      [0, 1, ['v1']],
      [1, 4, ['v2', 'v3', 'v4']],
    ]);
  });

  test('a new process goes on from what is stored', async () => {
    const bench = new Bench();
    const commits = await bench.stream(3);
    await bench.consumer().deliver([at(commits, 1), at(commits, 2)], bench.deadline);
    await bench.consumer().deliver([at(commits, 3)], bench.deadline);
    expect(bench.effects.applied.get(at(commits, 1).stream)).toEqual({ applied: 3, memory: 6 });
  });

  test('where memory is not stored it is recalled from the log', async () => {
    const bench = new Bench();
    const commits = await bench.stream(3);
    const { stream } = at(commits, 1);
    bench.effects.applied.set(stream, { applied: 2 });
    await bench.consumer().deliver([at(commits, 3)], bench.deadline);
    expect(bench.effects.applied.get(stream)).toEqual({ applied: 3, memory: 6 });
    expect(bench.effects.written).toMatchObject([{ from: 2, to: 3, effects: ['v3'] }]);
  });

  test('streams of other kinds are none of its business', async () => {
    const bench = new Bench();
    const commits = await bench.stream(1, 0, 'other');
    expect(await bench.consumer().deliver(commits, bench.deadline)).toMatchObject({ applied: 0 });
    expect(bench.effects.written).toEqual([]);
  });

  test('who finds that another was faster reads again and applies the rest', async () => {
    const bench = new Bench();
    const commits = await bench.stream(3);
    const { stream } = at(commits, 1);
    bench.effects.before = () => {
      bench.effects.applied.set(stream, { applied: 2, memory: 3 });
      bench.effects.before = () => undefined;
    };
    expect(await bench.consumer().deliver(commits, bench.deadline)).toMatchObject({ applied: 1 });
    expect(bench.effects.applied.get(stream)).toEqual({ applied: 3, memory: 6 });
  });

  test('who is never fast enough gives up after a bounded number of tries', async () => {
    const bench = new Bench();
    const commits = await bench.stream(20);
    const { stream } = at(commits, 1);
    let rival = 0;
    bench.effects.before = () => bench.effects.applied.set(stream, { applied: ++rival, memory: 0 });
    await expect(bench.consumer().deliver(commits, bench.deadline)).rejects.toThrow(ConsumerContended);
    expect(rival).toBe(8);
  });

  test('a mark is saved with the last of the effects, and never without any', async () => {
    const bench = new Bench();
    const consumer = bench.consumer(4);
    const [short, long] = [await bench.stream(3), await bench.stream(9)];
    expect(await consumer.deliver(short, bench.deadline, '7')).toMatchObject({ isMarked: true });
    expect(await consumer.deliver(long, bench.deadline, '16')).toMatchObject({ isMarked: true });
    expect(bench.effects.written.at(-1)).toMatchObject({ to: 9 });
    expect(await consumer.deliver(long, bench.deadline, '17')).toMatchObject({ applied: 0, isMarked: false });
    expect(bench.effects.marks).toEqual(['7', '16']);
  });

  test('a store that cannot be reached is not the commit’s fault: nothing is parked', async () => {
    const bench = new Bench();
    const commits = await bench.stream(2);
    bench.effects.before = () => {
      throw new StoreUnavailable('down');
    };
    const consumer = bench.consumer();
    await expect(consumer.deliver(commits, bench.deadline)).rejects.toThrow(StoreUnavailable);
    bench.effects.before = () => undefined;
    expect(await consumer.deliver(commits, bench.deadline)).toMatchObject({ applied: 2 });
    expect(bench.alarms).toEqual([]);
  });
});

describe('what cannot be processed', () => {
  test('is parked with its error, after everything before it; other streams go on', async () => {
    const bench = new Bench();
    const [bad, good] = [await bench.stream(4, 3), await bench.stream(2)];
    const { stream } = at(bad, 1);
    const consumer = bench.consumer();
    expect(await consumer.deliver([...bad, ...good], bench.deadline)).toMatchObject({
      applied: 4,
      parked: 1,
    });
    expect(bench.effects.applied.get(stream)?.applied).toBe(2);
    expect(await bench.parking.parked('sums')).toMatchObject([
      { stream, version: 3, error: 'TypeError: cannot read this' },
    ]);
  });

  test('raises one alarm, however often it comes', async () => {
    const bench = new Bench();
    const bad = await bench.stream(2, 1);
    const consumer = bench.consumer();
    await consumer.deliver(bad, bench.deadline);
    await consumer.deliver(bad, bench.deadline);
    expect(bench.alarms).toHaveLength(1);
  });

  test('can be driven again once it can be processed', async () => {
    const bench = new Bench();
    const bad = await bench.stream(4, 3);
    const consumer = bench.consumer();
    await consumer.deliver(bad, bench.deadline);
    expect(await consumer.redrive(bench.deadline)).toEqual({ restored: 0, parked: 1 });
    bench.projection = { ...sums, apply: (memory) => ({ memory, effect: 'repaired' }) };
    expect(await consumer.redrive(bench.deadline)).toEqual({ restored: 1, parked: 0 });
    expect(await bench.parking.parked('sums')).toEqual([]);
    await consumer.deliver([at(bad, 4)], bench.deadline);
    expect(bench.effects.applied.get(at(bad, 1).stream)?.applied).toBe(4);
  });

  test('is found among many when it is the write that fails', async () => {
    const bench = new Bench();
    const [bad, good] = [await bench.stream(4), await bench.stream(3)];
    const { stream } = at(bad, 1);
    bench.effects.before = (advances) => {
      for (const { stream: name, from, to } of advances)
        if (name === stream && from < 3 && to >= 3) throw new RangeError('too large');
    };
    const consumer = bench.consumer();
    expect(await consumer.deliver([...bad, ...good], bench.deadline)).toMatchObject({
      applied: 5,
      parked: 1,
    });
    expect(bench.alarms).toMatchObject([{ stream, version: 3, error: 'RangeError: too large' }]);
  });

  test('a version that the log does not hold is parked', async () => {
    const bench = new Bench();
    const commits = await bench.stream(1);
    const beyond = aCommit({ stream: at(commits, 1).stream, version: 5, commitId: anId() });
    expect(await bench.consumer().deliver([beyond], bench.deadline)).toMatchObject({ applied: 0, parked: 1 });
    expect(bench.alarms).toMatchObject([{ version: 1 }]);
    expect(bench.alarms[0]?.error).toContain('VersionGap');
  });
});

describe('the sweep', () => {
  test('brings home every stream whose last commit was lost, and touches no other', async () => {
    const bench = new Bench();
    const consumer = bench.consumer();
    const streams = await Promise.all(Array.from({ length: 150 }, () => bench.stream(3)));
    for (const [index, commits] of streams.entries())
      await consumer.deliver(index % 2 === 0 ? commits : commits.slice(0, 2), bench.deadline);
    const swept = await sweep(bench.log, [bench.consumer()], () => bench.deadline);
    expect(swept).toEqual({ streams: 150, behind: 75, applied: 75, parked: 0 });
    expect([...bench.effects.applied.values()].every(({ applied }) => applied === 3)).toBe(true);
    expect(bench.effects.settled).toBe(151);
    expect(await sweep(bench.log, [consumer], () => bench.deadline)).toMatchObject({ behind: 0, applied: 0 });
  });
});
