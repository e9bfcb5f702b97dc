import { describe, expect, test } from 'vitest';
import type { Parked } from '../../../platform/consumer/port.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import {
  BusRejected,
  BusUnavailable,
  type Published,
  type Publisher,
} from '../../../platform/event-bus/port.ts';
import { Relay } from '../../../platform/event-bus/relay.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { MemoryViews } from '../../../platform/views/memory.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';

const refused: Published = { outcome: 'refused', error: new BusRejected('MalformedDetail') };
const unavailable: Published = { outcome: 'unavailable', error: new BusUnavailable('throttled') };

/** A relay over a log and a bus that answers as it is told. */
class Bench {
  readonly log = new MemoryEventStore();
  readonly parking = new MemoryViews();
  readonly clock = new VirtualClock();
  readonly published: string[] = [];
  readonly alarms: Parked[] = [];
  readonly relay;
  /** By place, `stream@version`; what is not named is taken. */
  readonly answers = new Map<string, Published>();

  constructor() {
    const publisher: Publisher = {
      publish: async (commits) => commits.map((commit) => this.#answer(placeOf(commit))),
    };
    const { log, parking, clock, alarms } = this;
    const onParked = (_: string, parked: Parked) => alarms.push(parked);
    this.relay = new Relay({
      publisher,
      log,
      parking,
      clock,
      onParked,
      limits: { redriveMax: 3, rememberedMax: 4 },
    });
  }

  get deadline() {
    return deadlineIn(5_000, this.clock);
  }

  /** So many commits of a new stream, just now. */
  async written(count: number): Promise<readonly Commit[]> {
    const stream = `order-${anId()}`;
    const commits = Array.from({ length: count }, (_, index) =>
      aCommit({ stream, version: index + 1, commitId: anId(), at: this.clock.now() }),
    );
    for (const commit of commits) await this.log.append([commit], []);
    return commits;
  }

  answer(answer: Published, ...commits: readonly (Commit | undefined)[]): void {
    for (const commit of commits) if (commit) this.answers.set(placeOf(commit), answer);
  }

  #answer(place: string): Published {
    const answer = this.answers.get(place) ?? { outcome: 'published' };
    if (answer.outcome === 'published') this.published.push(place);
    return answer;
  }
}

const placeOf = ({ stream, version }: Pick<Commit, 'stream' | 'version'>) => `${stream}@${version}`;
const places = (parked: readonly Parked[]) => parked.map(placeOf);

describe('each commit is on the bus, parked, or comes again', () => {
  test('what was published is done', async () => {
    const bench = new Bench();
    const commits = await bench.written(3);
    expect(await bench.relay.relay(commits, bench.deadline)).toEqual({ again: [] });
    expect(bench.published).toEqual(commits.map(placeOf));
    expect(await bench.relay.parked(bench.deadline)).toEqual([]);
  });

  test('what the bus will never take is parked with its reason, and one alarm raised', async () => {
    const bench = new Bench();
    const commits = await bench.written(3);
    bench.answer(refused, commits[1]);
    expect(await bench.relay.relay(commits, bench.deadline)).toEqual({ again: [] });
    await bench.relay.relay(commits, bench.deadline);
    const [entry] = await bench.relay.parked(bench.deadline);
    expect(entry).toMatchObject({
      stream: commits[1]?.stream,
      version: 2,
      error: 'BusRejected: MalformedDetail',
    });
    expect(bench.alarms).toHaveLength(1);
  });

  test('what was not taken for the moment comes again', async () => {
    const bench = new Bench();
    const commits = await bench.written(3);
    bench.answer(unavailable, commits[0], commits[2]);
    const again = [commits[0], commits[2]];
    expect(await bench.relay.relay(commits, bench.deadline)).toMatchObject({
      again,
      error: { message: 'throttled' },
    });
    expect(await bench.relay.parked(bench.deadline)).toEqual([]);
  });

  test('what the bus has already is not published again with what comes again', async () => {
    const bench = new Bench();
    const commits = await bench.written(3);
    bench.answer(unavailable, commits[0]);
    await bench.relay.relay(commits, bench.deadline);
    bench.answers.clear();
    expect(await bench.relay.relay(commits, bench.deadline)).toEqual({ again: [] });
    expect(bench.published).toEqual([2, 3, 1].map((version) => `${commits[0]?.stream}@${version}`));
  });

  test('only so much is remembered of what was published', async () => {
    const bench = new Bench();
    const commits = await bench.written(6);
    await bench.relay.relay(commits, bench.deadline);
    await bench.relay.relay(commits, bench.deadline);
    expect(bench.published).toHaveLength(6 + 6 - 4);
  });

  test('what has come again for five minutes is parked, so that the feed goes on', async () => {
    const bench = new Bench();
    const [old] = await bench.written(1);
    bench.clock.advance(5 * 60_000 + 1);
    const [young] = await bench.written(1);
    if (!old || !young) throw new Error('two commits were written');
    bench.answer(unavailable, old, young);
    expect(await bench.relay.relay([old, young], bench.deadline)).toMatchObject({ again: [young] });
    expect(places(await bench.relay.parked(bench.deadline))).toEqual([placeOf(old)]);
  });

  test('what cannot be parked is not acknowledged either', async () => {
    const bench = new Bench();
    const commits = await bench.written(1);
    bench.answer(refused, ...commits);
    bench.parking.park = () => Promise.reject(new StoreUnavailable('down'));
    await expect(bench.relay.relay(commits, bench.deadline)).rejects.toThrow(StoreUnavailable);
  });
});

describe('driving again', () => {
  test('publishes every parked version of a stream from the log, and takes it out', async () => {
    const bench = new Bench();
    const commits = await bench.written(3);
    const both = commits.filter(({ version }) => version !== 2).map(placeOf);
    bench.answer(refused, commits[0], commits[2]);
    await bench.relay.relay(commits, bench.deadline);
    expect(places(await bench.relay.parked(bench.deadline))).toEqual(both);
    bench.answers.clear();
    bench.published.splice(0);
    expect(await bench.relay.redrive(bench.deadline)).toEqual({ restored: 2, parked: 0 });
    expect(bench.published).toEqual(both);
    expect(await bench.relay.parked(bench.deadline)).toEqual([]);
  });

  test('leaves in what the bus still does not take, and what is not in the log', async () => {
    const bench = new Bench();
    const [one] = await bench.written(1);
    if (!one) throw new Error('a commit was written');
    bench.answer(refused, one);
    await bench.relay.relay([one], bench.deadline);
    await bench.relay.park('order-nowhere', { version: 4, error: new Error('unreadable') }, bench.deadline);
    expect(await bench.relay.redrive(bench.deadline)).toEqual({ restored: 0, parked: 2 });
  });

  test('is bounded: one call takes on so many, the next one the others', async () => {
    const bench = new Bench();
    const commits = await bench.written(5);
    bench.answer(refused, ...commits);
    await bench.relay.relay(commits, bench.deadline);
    bench.answers.clear();
    expect(await bench.relay.redrive(bench.deadline)).toEqual({ restored: 3, parked: 2 });
    expect(await bench.relay.redrive(bench.deadline)).toEqual({ restored: 2, parked: 0 });
  });

  test('a log that cannot be read is told, and nothing is taken out', async () => {
    const bench = new Bench();
    const commits = await bench.written(1);
    bench.answer(refused, ...commits);
    await bench.relay.relay(commits, bench.deadline);
    await bench.log.close();
    await expect(bench.relay.redrive(bench.deadline)).rejects.toThrow(StoreUnavailable);
    expect(await bench.relay.parked(bench.deadline)).toHaveLength(1);
  });
});
