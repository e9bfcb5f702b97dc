import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** From SQLite's "Database File Format": the size of a page, and how many the file had after the last checkpoint. */
const headerBytes = 32;
const pageBytesAt = 16;
const pagesAt = 28;
/** No room is kept free at the end of a page, and three numbers that are always the same. */
const fixedAt = 20;
const fixed = Buffer.from([0, 64, 32, 32]);

/**
 * Whether a database's file ends before its own header says, or has a header that SQLite never wrote here. SQLite itself does not look
 * while there is a write-ahead log, or comes upon it only with some later page.
 */
export function isHeaderWrong(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(headerBytes);
    if (readSync(file, header, 0, headerBytes, 0) < headerBytes) return false;
    if (!header.subarray(fixedAt, fixedAt + fixed.length).equals(fixed)) return true;
    const pageBytes = header.readUInt16BE(pageBytesAt);
    // 1 stands for 65536, which does not fit.
    return header.readUInt32BE(pagesAt) * (pageBytes === 1 ? 65_536 : pageBytes) > fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}
