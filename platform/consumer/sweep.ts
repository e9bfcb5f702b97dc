import type { Deadline } from '../deadline/deadline.ts';
import type { EventStore, StreamHead } from '../event-store/port.ts';
import type { StreamConsumer } from './stream-consumer.ts';

/** What a sweep needs of a consumer, whatever it remembers and writes. */
export type SweptConsumer = Pick<
  StreamConsumer<unknown, unknown>,
  'takes' | 'applied' | 'catchUp' | 'settle'
>;

export interface Swept {
  readonly streams: number;
  /** Streams that a consumer was behind on. */
  readonly behind: number;
  /** Commits applied. */
  readonly applied: number;
  readonly parked: number;
}

/** Streams caught up with at once: one write, which others of the same store wait for. */
const pageMax = 50;

export const nothingSwept: Swept = { streams: 0, behind: 0, applied: 0, parked: 0 };

/**
 * A lost last commit leaves no gap to notice, and a change feed forgets: compares the head of every stream there is with what each
 * consumer has applied, and delivers what is missing. `deadlineOf` gives the deadline of each call; a sweep has many. For a
 * schedule, see `Sweeper`: this takes as long as the log is.
 */
export async function sweep(
  store: Pick<EventStore, 'heads'>,
  consumers: readonly SweptConsumer[],
  deadlineOf: () => Deadline,
): Promise<Swept> {
  let total = nothingSwept;
  let page: StreamHead[] = [];
  const flush = async () => {
    total = plus(total, { ...nothingSwept, streams: page.length });
    for (const consumer of consumers) total = plus(total, await sweepPage(page, consumer, deadlineOf));
    page = [];
  };
  for await (const head of store.heads(deadlineOf)) {
    page.push(head);
    if (page.length >= pageMax) await flush();
  }
  if (page.length > 0) await flush();
  for (const consumer of consumers) await consumer.settle(deadlineOf());
  return total;
}

/** The same for one consumer and the streams that somebody has found. */
export async function sweepHeads(
  heads: readonly StreamHead[],
  consumer: SweptConsumer,
  deadlineOf: () => Deadline,
): Promise<Swept> {
  const wanted = heads.filter(({ stream }) => consumer.takes(stream));
  let total: Swept = { ...nothingSwept, streams: wanted.length };
  for (let next = 0; next < wanted.length; next += pageMax)
    total = plus(total, await sweepPage(wanted.slice(next, next + pageMax), consumer, deadlineOf));
  if (total.applied > 0) await consumer.settle(deadlineOf());
  return total;
}

async function sweepPage(
  page: readonly StreamHead[],
  consumer: SweptConsumer,
  deadlineOf: () => Deadline,
): Promise<Swept> {
  const heads = page.filter(({ stream }) => consumer.takes(stream));
  const streams = heads.map(({ stream }) => stream);
  const applied = await consumer.applied(streams, deadlineOf());
  const behind = heads.filter(({ stream, version }) => (applied.get(stream) ?? 0) < version);
  const delivered = await consumer.catchUp(behind, deadlineOf());
  return { streams: 0, behind: behind.length, applied: delivered.applied, parked: delivered.parked };
}

export function plus(a: Swept, b: Swept): Swept {
  return {
    streams: a.streams + b.streams,
    behind: a.behind + b.behind,
    applied: a.applied + b.applied,
    parked: a.parked + b.parked,
  };
}
