import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { archiveConsumer } from '../../../functions/consumers/archive.ts';
import { MemoryArchive } from '../../../platform/archive/memory.ts';
import { type Archive, ArchiveRejected, ArchiveUnavailable } from '../../../platform/archive/port.ts';
import type { ChangeRecord } from '../../../platform/change-feed/records.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import type { Parked } from '../../../platform/consumer/port.ts';
import { deadlineIn, remainingMs } from '../../../platform/deadline/deadline.ts';
import { encodeCommit, hashedText, hashOf } from '../../../platform/event-store/codec.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { allOf } from '../../support/all-of.ts';
import { image } from '../../support/change-records.ts';
import { aCommit, anId, fullEnvelope } from '../../support/commits.ts';
import { VirtualClock } from '../../platform/command-handler/virtual-clock.ts';

const soon = () => deadlineIn(5_000, systemClock);
const done = { batchItemFailures: [] };

function record(commit: Commit, change: Partial<ChangeRecord> = {}): ChangeRecord {
  const { stream, version } = commit;
  const dynamodb = {
    SequenceNumber: `${stream}@${version}`,
    Keys: image({ stream, version }),
    NewImage: image(encodeCommit(commit)),
  };
  return { eventName: 'INSERT', dynamodb, ...change };
}

function bench(keep?: Archive['keep']) {
  const memory: Archive = new MemoryArchive();
  const parked: Parked[] = [];
  const failures: unknown[] = [];
  const clock = new VirtualClock();
  const handle = archiveConsumer({
    cell: 'test-1',
    archive: { keep: keep ?? ((...given) => memory.keep(...given)) },
    clock,
    onParked: (_, one) => parked.push(one),
    onFailure: (error) => failures.push(error),
    batchMs: 5_000,
  });
  return { handle, memory, parked, failures, clock };
}

const names = (memory: Archive) => allOf(memory.names('', soon));

async function linesIn(memory: Archive) {
  const lines: Record<string, unknown>[] = [];
  for (const name of await names(memory)) {
    const text = gunzipSync((await memory.read(name, soon())) ?? new Uint8Array()).toString('utf8');
    lines.push(
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  }
  return lines;
}

const commits = ['order-1', 'account-1', 'venue-SIM-1'].map((stream) =>
  aCommit({ stream, commitId: anId() }),
);
const batch = { Records: commits.map((commit) => record(commit)) };

test('a batch becomes one object, under the day of its first commit, with a line for each commit as it was hashed', async () => {
  const { handle, memory } = bench();
  const full = { ...fullEnvelope(), snapshot: { fingerprint: 'f', state: { large: true } } };
  expect(await handle({ Records: [record(full), ...batch.Records] })).toEqual(done);
  expect(await names(memory)).toEqual([
    expect.stringMatching(/^commits\/test-1\/2025\/11\/23\/1763856123456789-[0-9a-f]{64}\.jsonl\.gz$/),
  ]);
  const lines = await linesIn(memory);
  expect(lines).toHaveLength(4);
  expect(lines[0]).toEqual({ kind: 'order', hash: hashOf(full), commit: JSON.parse(hashedText(full)) });
});

test('a batch that comes again finds itself there: an auditor reads the same', async () => {
  const { handle, memory } = bench();
  await handle(batch);
  const before = await linesIn(memory);
  expect(await handle(batch)).toEqual(done);
  expect(await linesIn(memory)).toEqual(before);
});

test('a batch that was cut off and comes again in halves repeats commits, and adds none', async () => {
  const { handle, memory } = bench();
  await handle(batch);
  const before = new Set((await linesIn(memory)).map((line) => JSON.stringify(line)));
  await handle({ Records: batch.Records.slice(0, 1) });
  await handle({ Records: batch.Records.slice(1) });
  expect(new Set((await linesIn(memory)).map((line) => JSON.stringify(line)))).toEqual(before);
});

test('an archive that does not answer in time: everything is handed back, and why is said', async () => {
  const error = new ArchiveUnavailable('slow');
  const { handle, failures } = bench(() => Promise.reject(error));
  expect(await handle(batch)).toEqual({
    batchItemFailures: ['order-1@1', 'account-1@1', 'venue-SIM-1@1'].map((itemIdentifier) => ({
      itemIdentifier,
    })),
  });
  expect(failures).toEqual([error]);
});

test('the archive is given no more time than the batch has', async () => {
  const given: number[] = [];
  const { handle, clock } = bench(async (_name, _bytes, deadline) => {
    given.push(remainingMs(deadline, clock));
    return 'kept';
  });
  await handle(batch);
  expect(given).toEqual([5_000]);
});

test('a missing right is a failed call, which rings and is tried again', async () => {
  const { handle } = bench(() => Promise.reject(new ArchiveRejected('no right')));
  await expect(handle(batch)).rejects.toThrow('no right');
});

test('what is no commit is archived as it came, holds up nothing, and is told of once', async () => {
  const { handle, memory, parked } = bench();
  const broken = record(aCommit({ stream: 'order-9', version: 2 }));
  const NewImage = image({ stream: 'order-9', events: 'no JSON', at: 1_763_856_000_000_000 });
  const poisoned = { Records: [{ ...broken, dynamodb: { ...broken.dynamodb, NewImage } }, ...batch.Records] };
  expect(await handle(poisoned)).toEqual(done);
  expect(await handle(poisoned)).toEqual(done);
  const lines = await linesIn(memory);
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatchObject({
    unreadable: expect.any(String),
    stream: 'order-9',
    version: 2,
    image: NewImage,
  });
  expect(parked).toMatchObject([{ stream: 'order-9', version: 2 }]);
});

test.each(['MODIFY', 'REMOVE'])(
  'a %s in the log is archived with what was there before',
  async (eventName) => {
    const { handle, memory } = bench();
    const changed = record(aCommit({ stream: 'order-7' }));
    const OldImage = changed.dynamodb?.NewImage;
    await handle({ Records: [{ eventName, dynamodb: { ...changed.dynamodb, OldImage } }] });
    expect(await linesIn(memory)).toMatchObject([
      { tampered: eventName, stream: 'order-7', version: 1, before: OldImage },
    ]);
  },
);
