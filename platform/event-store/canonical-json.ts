/**
 * JSON with one text per value: keys in UTF-16 order, nothing that JSON would silently drop or change.
 * Hashes and stored texts are made of it, so its output must never change.
 */
export function canonicalJson(value: unknown): string {
  return isOrdered(value) ? JSON.stringify(value) : written(value);
}

/** What is in order already (as anything read back is) gets the same text from the built-in writer, faster. */
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
