import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item, ItemKey } from '../../domain/account/items.ts';
import { CorruptCommit } from './errors.ts';
import type { StoredCommit } from './stored-commit.ts';
import { itemKey, logKey } from './tables.ts';

export type Attributes = Record<string, AttributeValue>;

export function attribute(value: string | number): AttributeValue {
  return typeof value === 'string' ? { S: value } : { N: String(value) };
}

export function commitAttributes(commit: StoredCommit): Attributes {
  return attributes({ ...commit });
}

export function attributes(values: Readonly<Record<string, string | number>>): Attributes {
  const result: Attributes = {};
  for (const [name, value] of Object.entries(values)) result[name] = attribute(value);
  return result;
}

/** Texts and numbers as they are; anything else undefined, for the decoder to complain about. */
export function flat(found: Attributes): Record<string, string | number | undefined> {
  const result: Record<string, string | number | undefined> = {};
  for (const [name, value] of Object.entries(found))
    result[name] = value.N === undefined ? value.S : Number(value.N);
  return result;
}

export function logKeyOf(stream: string, version: number): Attributes {
  return { [logKey.partition]: attribute(stream), [logKey.sort]: attribute(version) };
}

export function itemKeyOf(key: ItemKey): Attributes {
  return { [itemKey.partition]: attribute(key.owner), [itemKey.sort]: attribute(key.name) };
}

/** The item without its key. Throws `CorruptCommit` for what no change of ours makes, an inexact number among them. */
export function itemOf(found: Attributes): { readonly name: string; readonly item: Item } {
  const { [itemKey.partition]: owner, [itemKey.sort]: name, ...rest } = flat(found);
  const item: Record<string, string | number> = {};
  for (const [attributeName, value] of Object.entries(rest)) {
    if (typeof value !== 'string' && !Number.isSafeInteger(value)) {
      throw new CorruptCommit(`${attributeName} of ${String(owner)} ${String(name)} is not what was written`);
    }
    if (value !== undefined) item[attributeName] = value;
  }
  return { name: String(name), item };
}
