import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderArchive } from '../../../platform/archive/folder.ts';
import { MemoryArchive } from '../../../platform/archive/memory.ts';
import type { Archive } from '../../../platform/archive/port.ts';
import { createS3Client } from '../../../platform/archive/s3-client.ts';
import { S3Archive } from '../../../platform/archive/s3.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { archiveContract, archiveReaderContract } from '../../contract/archive.ts';
import { S3Loopback } from '../../support/s3-loopback.ts';

const soon = (ms = 10_000) => deadlineIn(ms, systemClock);

archiveContract('memory', async () => {
  const archive: Archive = new MemoryArchive();
  const put = async (name: string, bytes: Uint8Array) => {
    await archive.keep(name, bytes, soon());
  };
  return { archive, put, close: async () => undefined };
});

archiveReaderContract('a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'archive-test-'));
  return {
    archive: new FolderArchive(folder),
    put: async (name, bytes) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    },
    close: async () => rmSync(folder, { recursive: true }),
  };
});

function clientOf({ endpoint }: S3Loopback) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return createS3Client({ endpoint, region: 'local', credentials });
}

archiveContract('S3', async () => {
  const s3 = await S3Loopback.start();
  s3.pageMax = 2;
  const client = clientOf(s3);
  return {
    archive: new S3Archive({ client, bucket: 'archive', clock: systemClock }),
    put: async (name, bytes) => {
      s3.objects.set(`archive/${name}`, Buffer.from(bytes));
    },
    close: async () => {
      client.destroy();
      await s3.stop();
    },
  };
});

describe('S3 on a bad day', () => {
  let s3: S3Loopback;
  let client: ReturnType<typeof clientOf>;
  let archive: S3Archive;
  beforeEach(async () => {
    s3 = await S3Loopback.start();
    client = clientOf(s3);
    archive = new S3Archive({ client, bucket: 'archive', clock: systemClock });
  });
  afterEach(async () => {
    client.destroy();
    await s3.stop();
  });

  const bytes = new Uint8Array([1]);

  test('an answer that is lost after the object was kept: the repeat finds it there', async () => {
    s3.answers.push({ kind: 'cut', afterKeeping: true });
    expect(await archive.keep('commits/a', bytes, soon())).toBe('known');
    expect(s3.objects.size).toBe(1);
  });

  test.each([
    [503, 'SlowDown'],
    [409, 'ConditionalRequestConflict'],
  ])('%i %s may succeed later', async (status, code) => {
    s3.answers.push(...Array.from({ length: 3 }, () => ({ kind: 'error', status, code }) as const));
    await expect(archive.keep('commits/a', bytes, soon())).rejects.toMatchObject({
      name: 'ArchiveUnavailable',
      retryable: true,
    });
  });

  test('a missing right is a fault of the installation', async () => {
    s3.answers.push({ kind: 'error', status: 403, code: 'AccessDenied' });
    await expect(archive.keep('commits/a', bytes, soon())).rejects.toMatchObject({
      name: 'ArchiveRejected',
      retryable: false,
    });
  });

  test('who never answers is left at the deadline', async () => {
    s3.answers.push({ kind: 'hang' });
    await expect(archive.keep('commits/a', bytes, soon(200))).rejects.toMatchObject({
      name: 'ArchiveUnavailable',
    });
  });
});
