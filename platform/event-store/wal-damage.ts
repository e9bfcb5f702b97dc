import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;
const magic = 0x377f0682;
/** Of the sums over header and frames; the lowest bit of the magic number says how their words lie. */
interface Sums {
  readonly one: number;
  readonly two: number;
}

/**
 * Where SQLite's write-ahead log is not what was written, in words; undefined: nothing shows.
 *
 * SQLite takes the first frame whose sum is wrong for the end of the log, as the last transaction is torn by a loss of power. A flipped
 * bit looks the same, and would take every answered transaction behind it along without a word. The two differ: each transaction
 * is synced before the next one begins, so whatever a loss of power tears is in the last one. Two ends of transactions behind a
 * wrong frame mean that one of them was on the disk. Within the last transaction nothing tells the two apart.
 *
 * Reads the file once, as SQLite does after it; nobody may have it open. The format is in "WAL-mode File Format" of SQLite's documents.
 */
export function walDamage(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, 'r');
  try {
    return damageIn(file, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}

function damageIn(file: number, size: number): string | undefined {
  const header = bytesAt(file, 0, headerBytes);
  const isLittle = header.length === headerBytes && header.readUInt32BE(0) === magic;
  const isHeader = isLittle || (header.length === headerBytes && header.readUInt32BE(0) === magic + 1);
  const pageBytes = isHeader ? header.readUInt32BE(8) : 0;
  const first = isHeader ? summed({ one: 0, two: 0 }, header.subarray(0, 24), isLittle) : undefined;
  // Its header is synced before anything is written behind it.
  if (!first || !isSum(header, 24, first)) {
    return size > headerBytes + frameHeaderBytes ? 'has a header that is not what was written' : undefined;
  }
  const frameBytes = frameHeaderBytes + pageBytes;
  const salts = header.subarray(16, 24);
  let sums: Sums | undefined = first;
  let [wrongAt, ends] = [0, 0];
  for (let at = headerBytes; at + frameBytes <= size; at += frameBytes) {
    const frame = bytesAt(file, at, frameBytes);
    const isOfThisLog = frame.subarray(8, 16).equals(salts);
    if (sums) {
      sums = isOfThisLog ? next(sums, frame, isLittle) : undefined;
      if (sums) continue;
      wrongAt = at;
    }
    // How many pages the database has after it: only the last frame of a transaction says so.
    if (isOfThisLog && frame.readUInt32BE(4) > 0) ends += 1;
  }
  return ends > 1
    ? `is not what was written at byte ${wrongAt}, with whole transactions behind it`
    : undefined;
}

/** Undefined: the frame is not what its sums say. */
function next(before: Sums, frame: Buffer, isLittle: boolean): Sums | undefined {
  const head = summed(before, frame.subarray(0, 8), isLittle);
  const sums = summed(head, frame.subarray(frameHeaderBytes), isLittle);
  return isSum(frame, 16, sums) ? sums : undefined;
}

function summed({ one, two }: Sums, bytes: Buffer, isLittle: boolean): Sums {
  for (let at = 0; at < bytes.length; at += 8) {
    const left = isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    const right = isLittle ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4);
    one = (one + left + two) >>> 0;
    two = (two + right + one) >>> 0;
  }
  return { one, two };
}

function isSum(bytes: Buffer, at: number, { one, two }: Sums): boolean {
  return bytes.readUInt32BE(at) === one && bytes.readUInt32BE(at + 4) === two;
}

function bytesAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, position));
}
