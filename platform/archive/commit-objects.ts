import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ChangeRecord, LogChange } from '../change-feed/records.ts';
import { kindOf } from '../consumer/port.ts';
import { hashedText, hashOf } from '../event-store/codec.ts';
import { archivePrefix } from './names.ts';

/** A record of the change feed with what it says. */
export interface RecordedChange {
  readonly record: ChangeRecord;
  readonly change: LogChange;
}

export interface ArchiveObject {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const compress = promisify(gzip);

/**
 * One object of everything a batch says, a JSON line for each record. Its name is made of what is in it, the day and the moment of its
 * first commit and the SHA-256 of the text in hex: the same batch is the same object, and what was changed no longer fits its name.
 */
export async function objectOf(cell: string, changes: readonly RecordedChange[]): Promise<ArchiveObject> {
  const text = changes.map((change) => `${lineOf(change)}\n`).join('');
  const at = changes.map(({ record }) => timeIn(record)).find((time) => time > 0) ?? 0;
  const day = new Date(at / 1_000).toISOString().slice(0, 10).replaceAll('-', '/');
  const name = `${archivePrefix('commits', cell)}${day}/${String(at).padStart(16, '0')}-${hash('sha256', text)}.jsonl.gz`;
  return { name, bytes: await compress(text) };
}

/** A commit as it was hashed, character by character, without the snapshot, which follows from it. Anything else as it came. */
function lineOf({ record: { dynamodb }, change }: RecordedChange): string {
  if (change.change === 'appended') {
    const { commit } = change;
    const kind = JSON.stringify(kindOf(commit.stream));
    return `{"kind":${kind},"hash":"${hashOf(commit)}","commit":${hashedText(commit)}}`;
  }
  const { stream, version } = change;
  const images = { image: dynamodb?.NewImage, before: dynamodb?.OldImage };
  if (change.change === 'tampered')
    return JSON.stringify({ tampered: change.operation, stream, version, ...images });
  return JSON.stringify({ unreadable: String(change.error), stream, version, ...images });
}

/** Microseconds, as its commit says; 0 where it says none. */
function timeIn({ dynamodb }: ChangeRecord): number {
  const at = Number((dynamodb?.NewImage ?? dynamodb?.OldImage)?.['at']?.N);
  return Number.isSafeInteger(at) && at >= 0 && at <= latest ? at : 0;
}

/** What a date can hold and sixteen digits too. */
const latest = 8.64e15;
