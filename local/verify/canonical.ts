import { hash } from 'node:crypto';

/** RFC 8785, for values that came out of `JSON.parse`. Written again on purpose: this checker shares no code with what it checks. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 of the text's UTF-8, in base64url without padding. */
export function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}
