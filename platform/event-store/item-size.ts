import type { ItemChange } from '../../domain/account/items.ts';
import type { StoredCommit } from './stored-commit.ts';
import { storedNumbers, storedTexts } from './stored-commit.ts';

/** What DynamoDB bills one write unit for (two inside a transaction). */
export const writeUnitBytes = 1024;

export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / writeUnitBytes));
}

/**
 * The size DynamoDB counts and bills: every name and text in UTF-8 bytes, a number about one byte for two significant digits
 * plus one. Source: "DynamoDB item sizes and formats" in the developer guide.
 */
export function commitBytes(stored: StoredCommit): number {
  let bytes = 0;
  for (const name of storedTexts) {
    const text = stored[name];
    if (text !== undefined) bytes += name.length + Buffer.byteLength(text);
  }
  for (const name of storedNumbers) bytes += name.length + numberBytes(stored[name]);
  return bytes;
}

/** Leading and trailing zeros are not stored. */
export function numberBytes(value: number): number {
  const digits = String(Math.abs(value)).replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length;
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
}

export function flatBytes(attributes: Readonly<Record<string, string | number>>): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(attributes)) {
    bytes +=
      Buffer.byteLength(name) + (typeof value === 'string' ? Buffer.byteLength(value) : numberBytes(value));
  }
  return bytes;
}

/** What a change brings to its item. The item may hold more: nobody knows without reading it. */
export function changeBytes(change: ItemChange): number {
  return flatBytes({ ...change.key }) + flatBytes(change.add ?? {}) + flatBytes(change.set ?? {});
}
