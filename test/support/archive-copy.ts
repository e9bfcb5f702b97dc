import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { archiveConsumer } from '../../functions/consumers/archive.ts';
import type { Archive } from '../../platform/archive/port.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { encodeCommit } from '../../platform/event-store/codec.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { image } from './change-records.ts';

const soon = () => deadlineIn(5_000, systemClock);

/** Gives the archive's consumer one batch of the change feed. `eventName`: what the feed says was done. */
export async function archiveBatch(
  { cell, archive }: { readonly cell: string; readonly archive: Archive },
  commits: readonly Commit[],
  eventName = 'INSERT',
): Promise<void> {
  const Records = commits.map((commit) => {
    const { stream, version } = commit;
    const Keys = image({ stream, version });
    return {
      eventName,
      dynamodb: { SequenceNumber: `${stream}@${version}`, Keys, NewImage: image(encodeCommit(commit)) },
    };
  });
  const unexpected = (error: unknown) => {
    throw error;
  };
  const consume = archiveConsumer({
    cell,
    archive,
    clock: systemClock,
    batchMs: 5_000,
    onParked: (_, { error }) => unexpected(error),
    onFailure: unexpected,
  });
  await consume({ Records });
}

/** What somebody gets who copies the bucket to a folder. */
export async function copyArchive(archive: Archive, folder: string): Promise<void> {
  for await (const name of archive.names('', soon)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, (await archive.read(name, soon())) ?? '');
  }
}
