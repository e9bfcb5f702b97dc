import type { Actor } from './port.ts';

const kinds: ReadonlySet<string> = new Set<Actor['kind']>([
  'client',
  'desk',
  'operator',
  'venue',
  'risk',
  'system',
]);

/**
 * `kind:id[:apiKeyId[:proof]]`, one short attribute instead of a map. `%` and `:` inside a part are written `%25` and `%3A`;
 * a part that is empty, not absent, is a lone `%`.
 */
export function actorText(actor: Actor): string {
  const text = `${actor.kind}:${escaped(actor.id)}`;
  if (actor.apiKeyId === undefined && actor.proof === undefined) return text;
  const withKey = `${text}:${part(actor.apiKeyId)}`;
  return actor.proof === undefined ? withKey : `${withKey}:${part(actor.proof)}`;
}

/** Undefined when the text is not one that `actorText` makes. */
export function parseActor(text: string): Actor | undefined {
  const [kind, id, apiKeyId, proof, ...more] = text.split(':');
  if (!isKind(kind) || id === undefined || more.length > 0) return undefined;
  return {
    kind,
    id: unescaped(id),
    ...(apiKeyId ? { apiKeyId: unescaped(apiKeyId) } : undefined),
    ...(proof ? { proof: unescaped(proof) } : undefined),
  };
}

function isKind(text: string | undefined): text is Actor['kind'] {
  return text !== undefined && kinds.has(text);
}

function part(value: string | undefined): string {
  if (value === undefined) return '';
  return value === '' ? '%' : escaped(value);
}

function escaped(value: string): string {
  if (!value.includes(':') && !value.includes('%')) return value;
  return value.replaceAll('%', '%25').replaceAll(':', '%3A');
}

function unescaped(value: string): string {
  if (!value.includes('%')) return value;
  return value === '%' ? '' : value.replaceAll('%3A', ':').replaceAll('%25', '%');
}
