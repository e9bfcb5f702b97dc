import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../platform/clock/clock.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';
import type { BusEvent } from '../../platform/event-bus/in-process.ts';
import type { Publisher } from '../../platform/event-bus/port.ts';
import { readEntry } from '../../platform/event-bus/read-entry.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { aCommit, anId, eventOfBytes, fullEnvelope } from '../support/commits.ts';

export interface PublisherBench {
  readonly publisher: Publisher;
  /** What a subscriber to every kind was handed so far. */
  readonly handed: () => readonly BusEvent[];
  /** From now on, nothing is taken. */
  readonly breakDown: () => void;
  readonly close: () => Promise<void>;
}

/** What the relay relies on, whatever the bus. */
export function publisherContract(name: string, open: () => Promise<PublisherBench>): void {
  describe(`${name} as a publisher`, () => {
    let bench: PublisherBench;
    beforeAll(async () => {
      bench = await open();
    });
    afterAll(() => bench.close());
    const deadline = (): Deadline => deadlineIn(1_000, systemClock);

    /** Published alone; what arrived of it. */
    async function arrived(...commits: readonly Commit[]) {
      const before = bench.handed().length;
      const answers = await bench.publisher.publish(commits, deadline());
      return { answers, events: bench.handed().slice(before) };
    }

    test('answers nothing for nothing', async () => {
      expect(await arrived()).toEqual({ answers: [], events: [] });
    });

    test('carries a commit whole, but for its snapshot, which follows from the others', async () => {
      const commit = fullEnvelope();
      const { answers, events } = await arrived({ ...commit, snapshot: { fingerprint: 'f', state: {} } });
      expect(answers).toEqual([{ outcome: 'published' }]);
      expect(events.map(({ detail }) => readEntry(detail))).toEqual([{ announced: 'commit', commit }]);
      expect(Object(events[0]?.detail).commit).not.toHaveProperty('snapshot');
    });

    test('says on the envelope what subscribers choose by', async () => {
      const data = { accountId: 'a-1', contract: { symbol: 'ALFA' } };
      const { events } = await arrived({
        ...fullEnvelope(),
        events: [
          { type: 'OrderPlaced', schema: 1, data },
          { type: 'OrderExecuted', schema: 1, data: {} },
          { type: 'OrderExecuted', schema: 1, data: {} },
        ],
      });
      expect(events).toMatchObject([
        {
          source: 'ordercell',
          'detail-type': 'order',
          detail: {
            schema: 1,
            stream: fullEnvelope().stream,
            version: 12,
            types: ['OrderPlaced', 'OrderExecuted'],
            accountId: 'a-1',
            symbol: 'ALFA',
            correlationId: fullEnvelope().correlationId,
            traceparent: fullEnvelope().traceparent,
          },
        },
      ]);
    });

    test('carries a reference where the commit is too large', async () => {
      const large = aCommit({ stream: `order-${anId()}`, version: 3, events: [eventOfBytes(255 * 1024)] });
      const { answers, events } = await arrived(large);
      expect(answers).toEqual([{ outcome: 'published' }]);
      const reference = { announced: 'reference', stream: large.stream, version: 3 };
      expect(events.map(({ detail }) => readEntry(detail))).toEqual([reference]);
    });

    test('answers for each of many, in order', async () => {
      const commits = Array.from({ length: 37 }, () => aCommit({ stream: `order-${anId()}` }));
      const { answers, events } = await arrived(...commits);
      expect(answers).toEqual(commits.map(() => ({ outcome: 'published' })));
      expect(events.map(({ detail }) => Object(detail).stream)).toEqual(commits.map(({ stream }) => stream));
    });

    test('says of each commit that the bus does not take it, within the deadline', async () => {
      bench.breakDown();
      const { answers } = await arrived(aCommit(), aCommit());
      expect(answers.map(({ outcome }) => outcome)).toEqual(['unavailable', 'unavailable']);
    });
  });
}
