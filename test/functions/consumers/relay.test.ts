import { describe, expect, test } from 'vitest';
import { relayConsumer } from '../../../functions/consumers/relay.ts';
import type { ChangeRecord, LogChange } from '../../../platform/change-feed/records.ts';
import { BusUnavailable } from '../../../platform/event-bus/port.ts';
import type { Relayed } from '../../../platform/event-bus/relay.ts';
import { encodeCommit } from '../../../platform/event-store/codec.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { image } from '../../support/change-records.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { VirtualClock } from '../../platform/command-handler/virtual-clock.ts';

function record(commit: Commit, change: Partial<ChangeRecord> = {}): ChangeRecord {
  const { stream, version } = commit;
  const dynamodb = {
    SequenceNumber: stream,
    Keys: image({ stream, version }),
    NewImage: image(encodeCommit(commit)),
  };
  return { eventName: 'INSERT', dynamodb, ...change };
}

function bench(relay: (commits: readonly Commit[]) => Promise<Relayed> = async () => ({ again: [] })) {
  const relayed: string[] = [];
  const parked: string[] = [];
  const tampering: LogChange[] = [];
  const failures: unknown[] = [];
  const handle = relayConsumer({
    relay: {
      relay: (commits) => {
        relayed.push(...commits.map(({ stream }) => stream));
        return relay(commits);
      },
      park: async (stream, { version }) => {
        parked.push(`${stream}@${version}`);
      },
    },
    clock: new VirtualClock(),
    onTampering: (one) => tampering.push(one),
    onFailure: (error) => failures.push(error),
    batchMs: 5_000,
  });
  return { handle, relayed, parked, tampering, failures };
}

const commits = ['order-1', 'account-1', 'venue-SIM-1'].map((stream) =>
  aCommit({ stream, commitId: anId() }),
);
const done = { batchItemFailures: [] };

describe('the function that carries the change feed to the bus', () => {
  test('relays commits of every kind', async () => {
    const { handle, relayed } = bench();
    expect(await handle({ Records: commits.map((commit) => record(commit)) })).toEqual(done);
    expect(relayed).toEqual(commits.map(({ stream }) => stream));
  });

  test('hands back what has to come again, and says why', async () => {
    const error = new BusUnavailable('throttled');
    const { handle, failures } = bench(async (all) => ({ again: all.slice(1, 2), error }));
    expect(await handle({ Records: commits.map((commit) => record(commit)) })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'account-1' }],
    });
    expect(failures).toEqual([error]);
  });

  test('hands back everything when it could not even park', async () => {
    const { handle, failures } = bench(() => Promise.reject(new StoreUnavailable('down')));
    const { batchItemFailures } = await handle({ Records: commits.map((commit) => record(commit)) });
    expect(batchItemFailures).toHaveLength(3);
    expect(failures).toHaveLength(1);
  });

  test('parks what cannot be read, by its place in the log', async () => {
    const { handle, parked, relayed } = bench();
    const broken = record(aCommit({ stream: 'order-9', version: 2 }));
    const dynamodb = { ...broken.dynamodb, NewImage: image({ stream: 'order-9' }) };
    expect(await handle({ Records: [{ ...broken, dynamodb }] })).toEqual(done);
    expect(parked).toEqual(['order-9@2']);
    expect(relayed).toEqual([]);
  });

  test.each(['MODIFY', 'REMOVE'])(
    'a %s in the log raises the tamper alarm and reaches no bus',
    async (eventName) => {
      const { handle, tampering, relayed } = bench();
      expect(await handle({ Records: [record(aCommit({ stream: 'order-7' }), { eventName })] })).toEqual(
        done,
      );
      expect(tampering).toMatchObject([{ stream: 'order-7', operation: eventName }]);
      expect(relayed).toEqual([]);
    },
  );
});
