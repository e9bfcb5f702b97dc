import type { EvidenceFile } from './evidence-file.ts';
import { commitName, type Finding, found, nothing } from './finding.ts';
import type { LoggedCommit, Log } from './log.ts';

type ActorInFile = EvidenceFile['actors'][number];

/** Everybody who caused a commit is listed, with their key, and nobody else is. */
export function checkActors({ actors }: EvidenceFile, log: Log): readonly Finding[] {
  const listed = new Map(actors.map((actor) => [listedName(actor), actor]));
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const commit of [...log.streams.values()].flat()) {
    const actor = actorName(commit.actor);
    const known = listed.get(actor);
    if (!known && !seen.has(actor))
      findings.push(...found(commitName(commit.stream, commit.version), `its actor ${actor} is not listed`));
    if (known) findings.push(...checkKey(known, commit));
    seen.add(actor);
  }
  const strangers = [...listed.keys()].filter((name) => !seen.has(name));
  return [...findings, ...strangers.flatMap((name) => found(`actor ${name}`, 'caused nothing in this file'))];
}

/** A key opens nothing before it is issued, and nothing from a second after it was revoked. */
const revocationMs = 1_000;

function checkKey({ api_key_id, key }: ActorInFile, commit: LoggedCommit): readonly Finding[] {
  if (api_key_id === null) return nothing;
  const name = commitName(commit.stream, commit.version);
  if (!key) return found(name, `nothing is known of the key ${api_key_id} it was caused with`);
  const atMs = commit.at / 1_000;
  if (atMs < Date.parse(key.issued_at) - 1) return found(name, `key ${api_key_id} was issued after it`);
  const isLate = key.revoked_at !== null && atMs > Date.parse(key.revoked_at) + revocationMs;
  return isLate ? found(name, `key ${api_key_id} was revoked before it`) : nothing;
}

export function actorName({ kind, id, apiKeyId, proof }: LoggedCommit['actor']): string {
  return [kind, id, apiKeyId, proof].filter((part) => part !== undefined).join(' ');
}

function listedName({ kind, id, api_key_id, proof }: ActorInFile): string {
  return [kind, id, api_key_id, proof].filter((part) => part !== null).join(' ');
}
