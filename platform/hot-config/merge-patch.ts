import { isJsonObject, type Json } from '../../domain/values/json.ts';

/** JSON Merge Patch (RFC 7396): members replace, `null` takes out, lists are replaced whole. */
export function merged(target: Json, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const members = new Map(Object.entries(isJsonObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, merged(members.get(name) ?? null, value));
  }
  return Object.fromEntries(members);
}
