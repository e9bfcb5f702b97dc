import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { type Deadline, deadlineIn } from '../../../platform/deadline/deadline.ts';
import { EventBridgePublisher, type PublishLimits } from '../../../platform/event-bus/eventbridge.ts';
import { createEventBridgeClient } from '../../../platform/event-bus/eventbridge-client.ts';
import { BusMissing, BusRejected, BusUnavailable } from '../../../platform/event-bus/port.ts';
import { type Random, systemRandom } from '../../../platform/random/random.ts';
import { publisherContract } from '../../contract/publisher.ts';
import { aCommit, anId, eventOfBytes } from '../../support/commits.ts';
import { EventBridgeLoopback, type RequestAnswer } from '../../support/eventbridge-loopback.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const quick: PublishLimits = { attemptsMax: 4, firstPauseMs: 1, longestPauseMs: 4, requestMs: 200 };
const soon = (ms = 2_000): Deadline => deadlineIn(ms, systemClock);

class Bench {
  readonly service: EventBridgeLoopback;
  readonly client;

  constructor(service: EventBridgeLoopback) {
    this.service = service;
    this.client = createEventBridgeClient({ endpoint: service.endpoint, region: 'local', credentials });
  }

  open(
    bus = 'ordercell',
    deadline = soon(),
    changed: Partial<PublishLimits> = {},
    random: Random = systemRandom,
  ): Promise<EventBridgePublisher> {
    const { client } = this;
    return EventBridgePublisher.open(
      { client, bus, clock: systemClock, random, limits: { ...quick, ...changed } },
      deadline,
    );
  }

  /** Publishes so many commits; what each was answered, and the streams in each request that the service saw. */
  async publish(count: number, deadline = soon()) {
    const commits = Array.from({ length: count }, (_, index) => aCommit({ stream: `order-${index}` }));
    const publisher = await this.open();
    const answers = await publisher.publish(commits, deadline);
    return {
      outcomes: answers.map(({ outcome }) => outcome),
      errors: answers.flatMap((answer) => ('error' in answer ? [answer.error] : [])),
      requests: this.service.requests.map((entries) =>
        entries.map(({ Detail }) => Number(JSON.parse(Detail).stream.slice(6))),
      ),
    };
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.service.stop();
  }
}

const failing = (code: string, ...positions: readonly number[]): RequestAnswer => ({
  kind: 'entries',
  of: (_, index) => (positions.includes(index) ? { code } : 'taken'),
});
const error = (status: number, type: string): RequestAnswer => ({ kind: 'error', status, type });
const times = (count: number, answer: RequestAnswer) => Array.from({ length: count }, () => answer);

publisherContract('EventBridge', async () => {
  const bench = new Bench(await EventBridgeLoopback.start());
  const { service } = bench;
  return {
    publisher: await bench.open(),
    handed: () => service.taken,
    breakDown: () => service.answers.push(...times(50, error(503, 'ServiceUnavailable'))),
    close: () => bench.close(),
  };
});

let bench: Bench;
beforeEach(async () => {
  bench = new Bench(await EventBridgeLoopback.start());
});
afterEach(() => bench.close());

describe('what PutEvents does to entries', () => {
  test('only the entries that failed inside a 200 are sent again', async () => {
    bench.service.answers.push(failing('ThrottlingException', 1, 3), failing('InternalFailure', 1));
    const { outcomes, requests } = await bench.publish(5);
    expect(outcomes).toEqual(Array.from({ length: 5 }, () => 'published'));
    expect(requests).toEqual([[0, 1, 2, 3, 4], [1, 3], [3]]);
  });

  test('an entry the bus will never take is refused at once, the others are published', async () => {
    bench.service.answers.push(failing('MalformedDetail', 2));
    const { outcomes, errors, requests } = await bench.publish(3);
    expect(outcomes).toEqual(['published', 'published', 'refused']);
    expect(errors).toEqual([new BusRejected('MalformedDetail: as the test says')]);
    expect(requests).toHaveLength(1);
  });

  test('one entry that spoils its request is found, and refused alone', async () => {
    bench.service.answers.push(
      error(400, 'ValidationException'),
      failing('none of them'),
      error(400, 'ValidationException'),
    );
    const { outcomes, requests } = await bench.publish(3);
    expect(outcomes).toEqual(['published', 'refused', 'published']);
    expect(requests).toEqual([[0, 1, 2], [0], [1], [2]]);
  });

  test('a code nobody has documented is tried again, and in the end said to be unavailable', async () => {
    bench.service.answers.push(...times(4, failing('Whatever', 0)));
    const { outcomes, requests } = await bench.publish(1);
    expect(outcomes).toEqual(['unavailable']);
    expect(requests).toHaveLength(quick.attemptsMax);
  });

  test.each(['NotAuthorizedForSourceException', 'AccessDeniedException'])(
    '%s is nothing the entry can help: it waits, and is not tried again now',
    async (code) => {
      bench.service.answers.push(failing(code, 0));
      const { outcomes, requests } = await bench.publish(2);
      expect(outcomes).toEqual(['unavailable', 'published']);
      expect(requests).toHaveLength(1);
    },
  );

  test('an answer that leaves an entry out is none', async () => {
    bench.service.answers.push({ kind: 'silent' });
    const { outcomes } = await bench.publish(2);
    expect(outcomes).toEqual(['published', 'published']);
    expect(bench.service.requests).toHaveLength(2);
  });

  test('a request holds ten entries and a megabyte', async () => {
    const large = Array.from({ length: 5 }, () =>
      aCommit({ stream: `order-${anId()}`, events: [eventOfBytes(250 * 1024)] }),
    );
    const small = Array.from({ length: 21 }, () => aCommit({ stream: `order-${anId()}` }));
    const publisher = await bench.open();
    await publisher.publish([...large, ...small], soon(5_000));
    expect(bench.service.requests.map((entries) => entries.length)).toEqual([4, 10, 10, 2]);
    for (const entries of bench.service.requests) {
      const bytes = entries.map(({ Detail }) => Buffer.byteLength(Detail));
      expect(Math.max(...bytes)).toBeLessThan(256 * 1024);
      expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(1024 * 1024);
    }
  });
});

describe('what PutEvents does to a request', () => {
  test.each([
    ['throttles it', error(400, 'ThrottlingException')],
    ['answers 429', error(429, 'TooManyRequestsException')],
    ['answers 500', error(500, 'InternalException')],
    ['answers 503', error(503, 'ServiceUnavailable')],
    ['cuts the connection', { kind: 'cut', afterTaking: false }],
    ['hangs', { kind: 'hang' }],
    ['answers garbage', { kind: 'garbage' }],
  ] as const)('%s: it is sent again', async (_, answer) => {
    bench.service.answers.push(answer);
    const { outcomes, requests } = await bench.publish(2);
    expect(outcomes).toEqual(['published', 'published']);
    expect(requests).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  test('takes it and cuts the connection: it is published twice, never lost', async () => {
    bench.service.answers.push({ kind: 'cut', afterTaking: true });
    const { outcomes } = await bench.publish(1);
    expect(outcomes).toEqual(['published']);
    expect(bench.service.taken).toHaveLength(2);
  });

  test('never answers: the caller is told by its deadline, whatever the bounds of one call', async () => {
    bench.service.answers.push(...times(20, { kind: 'hang' }));
    const publisher = await bench.open();
    const started = performance.now();
    const answers = await publisher.publish([aCommit()], soon(300));
    expect(performance.now() - started).toBeLessThan(450);
    expect(answers).toMatchObject([{ outcome: 'unavailable' }]);
  });

  test('a pause that would outlive the deadline is not begun', async () => {
    bench.service.answers.push(error(503, 'ServiceUnavailable'));
    const halfOf = { ...systemRandom, fraction: () => 0.5 };
    const pauses = { firstPauseMs: 60_000, longestPauseMs: 60_000 };
    const publisher = await bench.open('ordercell', soon(), pauses, halfOf);
    const answers = await publisher.publish([aCommit()], soon(500));
    expect(answers).toMatchObject([{ outcome: 'unavailable' }]);
    expect(bench.service.requests).toHaveLength(1);
  });

  test('without time nothing is asked', async () => {
    const { outcomes } = await bench.publish(1, soon(0));
    expect(outcomes).toEqual(['unavailable']);
    expect(bench.service.requests).toEqual([]);
  });

  test('lacks the right to publish: every entry waits until somebody has given it', async () => {
    bench.service.answers.push(error(403, 'AccessDeniedException'));
    const { outcomes, requests } = await bench.publish(2);
    expect(outcomes).toEqual(['unavailable', 'unavailable']);
    expect(requests).toHaveLength(1);
  });
});

describe('before the first entry', () => {
  test('a bus that does not exist is missed, because it would swallow everything with 200', async () => {
    await expect(bench.open('elsewhere')).rejects.toThrow(BusMissing);
    await expect(bench.open('elsewhere')).rejects.toThrow('there is no event bus elsewhere');
  });

  test('a moment of trouble is waited out', async () => {
    bench.service.descriptions.push(error(503, 'ServiceUnavailable'), { kind: 'cut', afterTaking: false });
    await expect(bench.open()).resolves.toBeInstanceOf(EventBridgePublisher);
  });

  test('trouble that stays is said so, and may be tried again', async () => {
    bench.service.descriptions.push(...times(9, error(503, 'ServiceUnavailable')));
    await expect(bench.open()).rejects.toThrow(BusUnavailable);
  });

  test('looking without the right to is refused', async () => {
    bench.service.descriptions.push(error(403, 'AccessDeniedException'));
    await expect(bench.open()).rejects.toThrow(BusRejected);
  });
});
