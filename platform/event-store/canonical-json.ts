/**
 * JSON with one text per value, after RFC 8785: keys in UTF-16 order, numbers as ECMAScript writes them. Refuses what JSON would
 * silently drop or change. Hashes and stored texts are made of it, so its output must never change.
 */
export function canonicalJson(value: unknown): string {
  if (isOrdered(value)) return JSON.stringify(value);
  const copy = ordered(value);
  return copy === unorderable ? written(value) : JSON.stringify(copy);
}

/** What is in order already, as anything read back is, gets the same text from the built-in writer. */
function isOrdered(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isStorable(value);
  if (Array.isArray(value)) return areOrdered(value);
  if (!isPlain(value)) throw new TypeError('only plain objects can be stored');
  let previous: string | undefined;
  for (const key in value) {
    if (previous !== undefined && previous >= key) return false;
    const member = value[key];
    if (member !== undefined && !isOrdered(member)) return false;
    previous = key;
  }
  return true;
}

/** Counts instead of iterating: a hole must be met, not skipped. */
function areOrdered(values: readonly unknown[]): boolean {
  for (let index = 0; index < values.length; index++) if (!isOrdered(values[index])) return false;
  return true;
}

function isStorable(value: unknown): true {
  const kind = typeof value;
  if (kind === 'string' || kind === 'boolean' || value === null) return true;
  if (kind === 'number' && Number.isFinite(value)) return true;
  throw new TypeError(`${kind === 'number' ? 'a number that is not finite' : kind} cannot be stored`);
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** An object cannot be made to list keys like `10` in text order, nor to have `__proto__` as one. */
const unorderable = Symbol('unorderable');

/** A copy whose keys are in order: three times faster, with the built-in writer, than writing the text ourselves. */
function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return isStorable(value) && value;
  if (Array.isArray(value)) {
    const copies = Array.from(value, ordered);
    return copies.includes(unorderable) ? unorderable : copies;
  }
  if (!isPlain(value)) throw new TypeError('only plain objects can be stored');
  const copy: Record<string, unknown> = {};
  for (const key of inOrder(Object.keys(value))) {
    const member = value[key];
    if (member === undefined) continue;
    const copied = ordered(member);
    if (copied === unorderable || key === '__proto__' || startsWithDigit(key)) return unorderable;
    copy[key] = copied;
  }
  return copy;
}

/** Sorts in place. The keys of an event are few and nearly sorted, where insertion beats the built-in sort. */
function inOrder(keys: string[]): readonly string[] {
  if (keys.length > 32) return keys.sort();
  for (let next = 1; next < keys.length; next++) {
    const key = keys[next] ?? '';
    let slot = next;
    for (let before = keys[slot - 1]; before !== undefined && before > key; before = keys[slot - 1])
      keys[slot--] = before;
    keys[slot] = key;
  }
  return keys;
}

function startsWithDigit(key: string): boolean {
  const code = key.charCodeAt(0);
  return code >= 48 && code <= 57;
}

function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return isStorable(value) && JSON.stringify(value);
  if (Array.isArray(value)) return `[${Array.from(value, written).join(',')}]`;
  if (!isPlain(value)) throw new TypeError('only plain objects can be stored');
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${written(value[key])}`);
  return `{${members.join(',')}}`;
}
