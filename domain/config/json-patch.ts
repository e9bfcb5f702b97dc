import { assert } from '../values/assert.ts';
import { isJsonList, isJsonObject, isSameJson, type Json, type JsonObject } from '../values/json.ts';

/** The operations of RFC 6902 that a difference needs. `path` is a JSON Pointer (RFC 6901); the empty one is the whole document. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

/** What makes `after` out of `before`, applied in this order. Lists are compared past what they begin and end with in common. */
export function difference(before: Json, after: Json): readonly PatchOperation[] {
  const operations: PatchOperation[] = [];
  compare(operations, '', before, after);
  return operations;
}

type Operations = PatchOperation[];

function compare(operations: Operations, path: string, before: Json, after: Json): void {
  if (isSameJson(before, after)) return;
  if (isJsonObject(before) && isJsonObject(after)) return compareObjects(operations, path, before, after);
  if (isJsonList(before) && isJsonList(after)) return compareLists(operations, path, before, after);
  operations.push({ op: 'replace', path, value: after });
}

function compareObjects(operations: Operations, path: string, before: JsonObject, after: JsonObject): void {
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) operations.push({ op: 'remove', path: pointer(path, name) });
  }
  for (const [name, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (old === undefined) operations.push({ op: 'add', path: pointer(path, name), value });
    else compare(operations, pointer(path, name), old, value);
  }
}

function compareLists(
  operations: Operations,
  path: string,
  before: readonly Json[],
  after: readonly Json[],
): void {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isSameJson(before[head], after[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && isSameJson(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  const common = shorter - tail;
  for (let index = head; index < common; index += 1) {
    const [old, value] = [before[index], after[index]];
    if (old !== undefined && value !== undefined) compare(operations, pointer(path, index), old, value);
  }
  for (let index = before.length - tail - 1; index >= common; index -= 1) {
    operations.push({ op: 'remove', path: pointer(path, index) });
  }
  for (const [offset, value] of after.slice(common, after.length - tail).entries()) {
    operations.push({ op: 'add', path: pointer(path, common + offset), value });
  }
}

function pointer(path: string, name: string | number): string {
  return `${path}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The document after the operations. Asserts that every path is there: they are differences of our own, recorded in order. */
export function applied(operations: readonly PatchOperation[], document: Json): Json {
  return operations.reduce<Json>((value, operation) => {
    const names = operation.path
      .split('/')
      .slice(1)
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    return changed(value, names, operation);
  }, document);
}

function changed(value: Json, [name, ...rest]: readonly string[], operation: PatchOperation): Json {
  if (name === undefined) {
    assert(operation.op !== 'remove', 'a document is replaced, never removed');
    return operation.value;
  }
  if (isJsonList(value)) return changedList(value, Number(name), rest, operation);
  assert(isJsonObject(value), `there is nothing at ${operation.path}`);
  return changedObject(value, name, rest, operation);
}

function changedList(
  list: readonly Json[],
  index: number,
  rest: readonly string[],
  operation: PatchOperation,
): Json {
  const isLast = rest.length === 0;
  if (isLast && operation.op === 'add') return list.toSpliced(index, 0, operation.value);
  const item = list[index];
  assert(item !== undefined, `there is nothing at ${operation.path}`);
  if (isLast && operation.op === 'remove') return list.toSpliced(index, 1);
  return list.with(index, changed(item, rest, operation));
}

function changedObject(
  object: JsonObject,
  name: string,
  rest: readonly string[],
  operation: PatchOperation,
): Json {
  const isLast = rest.length === 0;
  if (isLast && operation.op === 'add') return { ...object, [name]: operation.value };
  const member = Object.hasOwn(object, name) ? object[name] : undefined;
  assert(member !== undefined, `there is nothing at ${operation.path}`);
  if (!isLast || operation.op === 'replace') return { ...object, [name]: changed(member, rest, operation) };
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}
