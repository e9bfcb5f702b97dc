import { createHash } from 'node:crypto';
import type { Commit } from '../../../platform/event-store/port.ts';

/** JSON with sorted keys: what a commit's hash is made of, written again. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join()}}`;
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** The commit as others follow it: the snapshot is derived, not part of it. */
export function essence(commit: Commit): string {
  return canonical({ ...commit, snapshot: undefined });
}
