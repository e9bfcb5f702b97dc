/** What the layer under the cell saw, in the order in which it happened. */
export type Happened =
  | { readonly kind: 'created'; readonly process: number; readonly file: bigint; readonly name: string }
  | { readonly kind: 'sized'; readonly process: number; readonly file: bigint; readonly size: number }
  | {
      readonly kind: 'written';
      readonly process: number;
      readonly file: bigint;
      readonly offset: number;
      readonly data: Buffer;
    }
  | {
      readonly kind: 'sync-begun' | 'sync-done' | 'folder-sync-begun' | 'folder-sync-done';
      readonly process: number;
      readonly file: bigint;
      /** Of this process: a sync that was done counts for what was written before it began. */
      readonly sync: number;
    }
  | { readonly kind: 'renamed'; readonly process: number; readonly from: string; readonly to: string }
  | { readonly kind: 'removed'; readonly process: number; readonly name: string };

/** In the order of the enum in forgetful.c. */
const kinds = [
  'created',
  'sized',
  'written',
  'sync-begun',
  'sync-done',
  'folder-sync-begun',
  'folder-sync-done',
  'renamed',
  'removed',
] as const;
const headBytes = 32;

/** The records of a journal, as `struct record` of forgetful.c has them; the last one may be half written. */
export function* readJournal(bytes: Buffer): Generator<Happened> {
  for (let at = 0; at + headBytes <= bytes.length; ) {
    const kind = kinds[bytes.readUInt32LE(at) - 1];
    const process = bytes.readUInt32LE(at + 4);
    const file = bytes.readBigUInt64LE(at + 8);
    const number = Number(bytes.readBigUInt64LE(at + 16));
    const nameAt = at + headBytes;
    const dataAt = nameAt + bytes.readUInt32LE(at + 24);
    const end = dataAt + bytes.readUInt32LE(at + 28);
    if (end > bytes.length) return;
    const name = bytes.toString('utf8', nameAt, dataAt);
    const data = bytes.subarray(dataAt, end);
    at = end;
    switch (kind) {
      case undefined:
        throw new Error('a write came short: the disk of the test is full');
      case 'created':
        yield { kind, process, file, name };
        break;
      case 'sized':
        yield { kind, process, file, size: number };
        break;
      case 'written':
        yield { kind, process, file, offset: number, data };
        break;
      case 'renamed':
        yield { kind, process, from: name, to: data.toString('utf8') };
        break;
      case 'removed':
        yield { kind, process, name };
        break;
      default:
        yield { kind, process, file, sync: number };
    }
  }
}
