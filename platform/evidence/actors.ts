import { formatTimestamp } from '../../domain/values/time.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Actor, Commit } from '../event-store/port.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { ActorEvidence, KeyEvidence } from './document.ts';

/** Everybody who caused one of the commits, in the order they first appear, with what is known of the key they used. */
export async function actorsOf(
  commits: readonly Commit[],
  keys: Pick<KeyRing, 'find'>,
  deadline: Deadline,
): Promise<readonly ActorEvidence[]> {
  const actors = new Map<string, Actor>();
  for (const { actor } of commits) {
    const { kind, id, apiKeyId, proof } = actor;
    actors.set(JSON.stringify([kind, id, apiKeyId, proof]), actor);
  }
  return Promise.all(
    [...actors.values()].map(async ({ kind, id, apiKeyId, proof }) => ({
      kind,
      id,
      api_key_id: apiKeyId ?? null,
      proof: proof ?? null,
      key: apiKeyId === undefined ? null : await keyEvidence(keys, apiKeyId, deadline),
    })),
  );
}

async function keyEvidence(
  keys: Pick<KeyRing, 'find'>,
  keyId: string,
  deadline: Deadline,
): Promise<KeyEvidence | null> {
  const key = await keys.find(keyId, deadline);
  if (!key) return null;
  return {
    role: key.grant.role,
    person_id: key.personId,
    issued_by: key.issuedBy,
    issued_at: formatTimestamp(key.issuedAt),
    revoked_at: key.revokedAt === undefined ? null : formatTimestamp(key.revokedAt),
  };
}
