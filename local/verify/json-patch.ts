import * as z from 'zod';

const pointer = z.string().regex(/^(?:\/.*)?$/s);
const operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('add'), path: pointer, value: z.unknown() }),
  z.strictObject({ op: z.literal('replace'), path: pointer, value: z.unknown() }),
  z.strictObject({ op: z.literal('remove'), path: pointer }),
]);

type Operation = z.infer<typeof operation>;
export type Patched = { readonly value: unknown } | { readonly fault: string };

/** RFC 6902 with the three operations that a difference needs. The document is left as it is. */
export function patched(document: unknown, patch: readonly unknown[]): Patched {
  const root = { '': structuredClone(document) };
  for (const [index, one] of patch.entries()) {
    const read = operation.safeParse(one);
    if (!read.success) return { fault: `operation ${index} is none of add, replace, remove` };
    if (!isApplied(root, read.data)) return { fault: `operation ${index}: there is no ${read.data.path}` };
  }
  return { value: root[''] };
}

function isApplied(root: object, one: Operation): boolean {
  const names = one.path.split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop() ?? '';
  let parent: unknown = names.length === 0 ? root : undefined;
  for (const [depth, name] of names.entries()) parent = memberOf(depth === 0 ? root : parent, name);
  if (Array.isArray(parent)) return isSpliced(parent, last, one);
  if (typeof parent !== 'object' || parent === null) return false;
  if (one.op !== 'add' && !Object.hasOwn(parent, last)) return false;
  if (one.op === 'remove') return Reflect.deleteProperty(parent, last);
  return Reflect.defineProperty(parent, last, {
    value: one.value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

function memberOf(parent: unknown, name: string): unknown {
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, name)) return undefined;
  return Reflect.get(parent, name);
}

function isSpliced(list: unknown[], name: string, one: Operation): boolean {
  const at = name === '-' ? list.length : Number(name);
  const last = one.op === 'add' ? list.length : list.length - 1;
  if (!Number.isSafeInteger(at) || at < 0 || at > last) return false;
  if (one.op === 'remove') list.splice(at, 1);
  else list.splice(at, one.op === 'replace' ? 1 : 0, one.value);
  return true;
}
