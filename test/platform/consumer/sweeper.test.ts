import { describe, expect, test } from 'vitest';
import { timestamp } from '../../../domain/values/time.ts';
import type { AttendedConsumer } from '../../../platform/consumer/attended.ts';
import { nothingSwept } from '../../../platform/consumer/sweep.ts';
import { Sweeper, type SweeperLimits } from '../../../platform/consumer/sweeper.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { StreamHead } from '../../../platform/event-store/port.ts';
import { writtenPageMax } from '../../../platform/event-store/written-streams.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';

/** Notes what it is asked to look after. */
class Noting implements AttendedConsumer {
  readonly name: string;
  readonly asked: StreamHead[][] = [];
  /** Runs with each page, before it is noted. */
  before: () => void | Promise<void> = () => undefined;

  constructor(name: string) {
    this.name = name;
  }

  async sweepHeads(heads: readonly StreamHead[]) {
    await this.before();
    this.asked.push([...heads]);
    return { ...nothingSwept, streams: heads.length };
  }

  async parked() {
    return [];
  }

  async redrive() {
    return { restored: 0, parked: 0 };
  }
}

/** Counts the pages it is asked for. */
class CountingStore extends MemoryEventStore {
  pages = 0;

  override written(...asked: Parameters<MemoryEventStore['written']>) {
    this.pages += 1;
    return super.written(...asked);
  }
}

class Bench {
  readonly log = new CountingStore();
  readonly clock = new VirtualClock();
  readonly failures: string[] = [];

  sweeper(consumers: readonly AttendedConsumer[], limits: Partial<SweeperLimits> = {}): Sweeper {
    const { log, clock } = this;
    const onFailure = (consumer: string) => this.failures.push(consumer);
    return new Sweeper({ source: log, places: log, consumers: () => consumers, clock, onFailure, limits });
  }

  /** A stream of one commit, so many milliseconds old. */
  async stream(ageMs = 60_000): Promise<string> {
    const stream = `order-${anId()}`;
    const at = timestamp(this.clock.now() - ageMs * 1_000);
    await this.log.append([aCommit({ stream, commitId: anId(), at })], []);
    return stream;
  }
}

const asked = (consumer: Noting) => consumer.asked.map((page) => page.map(({ stream }) => stream));

describe('the scheduled sweep', () => {
  test('looks at what was written since it last looked, and at nothing twice', async () => {
    const bench = new Bench();
    const consumer = new Noting('views');
    const sweeper = bench.sweeper([consumer]);
    const first = [await bench.stream(), await bench.stream()];
    expect(await sweeper.run()).toEqual([
      { ...nothingSwept, streams: 2, consumer: 'views', isComplete: true },
    ]);
    const later = await bench.stream();
    await sweeper.run();
    expect(asked(consumer)).toEqual([first, [later]]);
  });

  test('leaves alone what may well be on its way', async () => {
    const bench = new Bench();
    const consumer = new Noting('views');
    const sweeper = bench.sweeper([consumer], { graceMs: 10_000 });
    const young = await bench.stream(9_000);
    await sweeper.run();
    bench.clock.advance(1_001);
    await sweeper.run();
    expect(asked(consumer)).toEqual([[], [young]]);
  });

  test('goes on after a restart where it stopped', async () => {
    const bench = new Bench();
    await bench.stream();
    await bench.sweeper([new Noting('views')]).run();
    const later = await bench.stream();
    const consumer = new Noting('views');
    await bench.sweeper([consumer]).run();
    expect(asked(consumer)).toEqual([[later]]);
  });

  test('one consumer that is down holds up no other, and is looked after again from the same place', async () => {
    const bench = new Bench();
    const [down, well] = [new Noting('risk'), new Noting('views')];
    const sweeper = bench.sweeper([down, well]);
    const one = await bench.stream();
    down.before = () => Promise.reject(new StoreUnavailable('down'));
    expect((await sweeper.run()).map(({ consumer }) => consumer)).toEqual(['views']);
    expect(bench.failures).toEqual(['risk']);
    down.before = () => undefined;
    await sweeper.run();
    expect([asked(down), asked(well)]).toEqual([[[one]], [[one], []]]);
  });

  test('one run takes so long and no longer, for each consumer its share, and the next goes on', async () => {
    const bench = new Bench();
    const [consumer, other] = [new Noting('views'), new Noting('risk')];
    consumer.before = () => bench.clock.advance(10_000);
    const streams = [];
    for (let made = 0; made < writtenPageMax + 1; made++) streams.push(await bench.stream());
    const sweeper = bench.sweeper([consumer, other], { runMs: 20_000 });
    const [all, rest] = [{ streams: streams.length }, { streams: 0 }];
    expect(await sweeper.run()).toMatchObject([{ streams: writtenPageMax, isComplete: false }, all]);
    expect(await sweeper.run()).toMatchObject([{ streams: 1, isComplete: true }, rest]);
    expect(asked(consumer).flat()).toEqual(streams);
  });

  test('reads what was written once in a run, however many consumers there are', async () => {
    const bench = new Bench();
    const consumers = ['views', 'risk', 'webhooks'].map((name) => new Noting(name));
    const sweeper = bench.sweeper(consumers);
    const streams = [];
    for (let made = 0; made < writtenPageMax + 1; made++) streams.push(await bench.stream());
    await sweeper.run();
    expect(bench.log.pages).toBe(2);
    expect(consumers.map((consumer) => asked(consumer).flat())).toEqual([streams, streams, streams]);
    const later = await bench.stream();
    await sweeper.run();
    expect(bench.log.pages).toBe(3);
    expect(consumers.map((consumer) => asked(consumer).at(-1))).toEqual([[later], [later], [later]]);
  });

  test('never runs twice at once: who asks meanwhile gets the same answer', async () => {
    const bench = new Bench();
    const consumer = new Noting('views');
    await bench.stream();
    const sweeper = bench.sweeper([consumer]);
    const [one, other] = await Promise.all([sweeper.run(), sweeper.run()]);
    expect(one).toBe(other);
    expect(consumer.asked).toHaveLength(1);
  });
});
