import { decodeCommit } from '../event-store/codec.ts';
import type { Commit } from '../event-store/port.ts';
import { logKey } from '../event-store/tables.ts';

/** An item as DynamoDB writes it: the same from Lambda and from the SDK. */
export type Image = Readonly<
  Record<string, { readonly S?: string | undefined; readonly N?: string | undefined }>
>;

/** One record of the log table's change feed, as Lambda and the SDK hand it over. */
export interface ChangeRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        readonly Keys?: Image | undefined;
        readonly NewImage?: Image | undefined;
        readonly OldImage?: Image | undefined;
      }
    | undefined;
}

/**
 * What a record says happened to the log. Only appends of commits ever should; whatever else does is `tampered`. `unreadable` is an append
 * that does not decode.
 */
export type LogChange =
  | { readonly change: 'appended'; readonly commit: Commit }
  | {
      readonly change: 'unreadable';
      readonly stream: string;
      readonly version: number;
      readonly error: unknown;
    }
  | {
      readonly change: 'tampered';
      readonly stream: string;
      readonly version: number;
      /** `MODIFY`, `REMOVE`, or whatever the feed calls it. */
      readonly operation: string;
    };

export function logChange(record: ChangeRecord): LogChange {
  const keys = flat(record.dynamodb?.Keys ?? {});
  const stream = String(keys[logKey.partition] ?? '');
  const version = Number(keys[logKey.sort] ?? 0);
  const isOurs = stream !== '' && Number.isSafeInteger(version) && version >= 1;
  if (record.eventName !== 'INSERT' || !isOurs)
    return { change: 'tampered', stream, version, operation: record.eventName ?? 'unknown' };
  try {
    return { change: 'appended', commit: decodeCommit(flat(record.dynamodb?.NewImage ?? {})) };
  } catch (error) {
    return { change: 'unreadable', stream, version, error };
  }
}

/** Whose record it is, without decoding it; nothing where it does not say. */
export function streamOf({ dynamodb }: ChangeRecord): string {
  return dynamodb?.Keys?.[logKey.partition]?.S ?? '';
}

function flat(image: Image): Record<string, string | number | undefined> {
  const entries = Object.entries(image);
  return Object.fromEntries(entries.map(([name, { S, N }]) => [name, N === undefined ? S : Number(N)]));
}
