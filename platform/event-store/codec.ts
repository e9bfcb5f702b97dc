import { hash } from 'node:crypto';
import { assert } from '../../domain/values/assert.ts';
import { timestamp } from '../../domain/values/time.ts';
import { actorText, parseActor } from './actor-text.ts';
import { canonicalJson } from './canonical-json.ts';
import { CorruptCommit } from './errors.ts';
import type { Commit, Snapshot, StoredEvent } from './port.ts';
import type { StoredCommit } from './stored-commit.ts';
import { parseTrace, traceText } from './trace-text.ts';

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };
type Row = Readonly<Record<string, unknown>>;

/** The texts of what was encoded lately: deciding on a snapshot, writing and hashing one commit need the same one. */
const texts = new WeakMap<Commit['events'] | Snapshot, string>();

function textOf(holder: Commit['events'] | Snapshot, value: unknown): string {
  let text = texts.get(holder);
  if (text === undefined) {
    text = canonicalJson(value);
    texts.set(holder, text);
  }
  return text;
}

export function encodeCommit(commit: Commit): StoredCommit {
  const stored: Writable<StoredCommit> = {
    stream: wellFormed(commit.stream),
    version: commit.version,
    events: textOf(commit.events, commit.events),
    id: wellFormed(commit.commitId),
    at: commit.at,
    by: wellFormed(actorText(commit.actor)),
    cell: wellFormed(commit.cell),
    ep: commit.epoch,
  };
  if (commit.commandId !== undefined) stored.key = wellFormed(commit.commandId);
  if (commit.requestHash !== undefined) stored.req = wellFormed(commit.requestHash);
  if (commit.correlationId !== undefined) stored.corr = wellFormed(commit.correlationId);
  if (commit.causationId !== undefined) stored.cause = wellFormed(commit.causationId);
  if (commit.traceparent !== undefined) stored.tp = traceText(wellFormed(commit.traceparent));
  if (commit.config !== undefined) stored.cfg = wellFormed(commit.config);
  if (commit.previousHash !== undefined) stored.prev = wellFormed(commit.previousHash);
  if (commit.snapshot) Object.assign(stored, encodeSnapshot(commit.snapshot));
  return stored;
}

/** Half of a surrogate pair would come back as another character, and the hash of its commit would never match again. */
function wellFormed(text: string): string {
  assert(text.isWellFormed(), 'a commit holds text that is not Unicode');
  return text;
}

export function encodeSnapshot(snapshot: Snapshot): { readonly fold: string; readonly state: string } {
  return { fold: wellFormed(snapshot.fingerprint), state: textOf(snapshot, snapshot.state) };
}

/** Checks what it reads; throws `CorruptCommit` naming stream and version. Absent members may be missing, undefined or null. */
export function decodeCommit(row: Row): Commit {
  const at = integer(row, 'at', 0);
  const commit: Writable<Commit> = {
    stream: textIn(row, 'stream'),
    version: integer(row, 'version', 1),
    events: decodeEvents(row),
    commitId: textIn(row, 'id'),
    at: timestamp(at),
    actor: parseActor(textIn(row, 'by')) ?? corrupt(row, 'by is not an actor'),
    cell: textIn(row, 'cell'),
    epoch: integer(row, 'ep', 0),
  };
  if (isPresent(row['key'])) commit.commandId = textIn(row, 'key');
  if (isPresent(row['req'])) commit.requestHash = textIn(row, 'req');
  if (isPresent(row['corr'])) commit.correlationId = textIn(row, 'corr');
  if (isPresent(row['cause'])) commit.causationId = textIn(row, 'cause');
  if (isPresent(row['tp']))
    commit.traceparent = parseTrace(textIn(row, 'tp')) ?? corrupt(row, 'tp is not a trace');
  if (isPresent(row['cfg'])) commit.config = textIn(row, 'cfg');
  if (isPresent(row['prev'])) commit.previousHash = textIn(row, 'prev');
  if (isPresent(row['fold']) || isPresent(row['state'])) {
    commit.snapshot = { fingerprint: textIn(row, 'fold'), state: parsed(row, 'state') };
  }
  return commit;
}

function decodeEvents(row: Row): Commit['events'] {
  const list = parsed(row, 'events');
  if (!Array.isArray(list)) return corrupt(row, 'events is not a list');
  if (!list.every(isEvent)) return corrupt(row, 'events holds something that is no event');
  const [first, ...others] = list;
  return first === undefined ? corrupt(row, 'events is empty') : [first, ...others];
}

function isEvent(value: unknown): value is StoredEvent {
  if (!isRecord(value)) return false;
  const { type, schema, data } = value;
  return typeof type === 'string' && Number.isSafeInteger(schema) && Number(schema) >= 1 && isRecord(data);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function textIn(row: Row, name: keyof StoredCommit): string {
  const value = row[name];
  return typeof value === 'string' ? value : corrupt(row, `${name} is not a text`);
}

function integer(row: Row, name: keyof StoredCommit, least: number): number {
  const value = row[name];
  const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
  return fits ? value : corrupt(row, `${name} is not a whole number of at least ${least}`);
}

function parsed(row: Row, name: keyof StoredCommit): unknown {
  const json = textIn(row, name);
  try {
    return JSON.parse(json);
  } catch (cause) {
    return corrupt(row, `${name} is not JSON`, cause);
  }
}

function corrupt(row: Row, claim: string, cause?: unknown): never {
  throw new CorruptCommit(`${String(row['stream'])} version ${String(row['version'])}: ${claim}`, { cause });
}

/**
 * SHA-256 in base64url of the canonical JSON of the commit as the port names it, without its snapshot.
 * Anybody can recompute it from the commit alone.
 */
export function hashOf(commit: Commit): string {
  return hash('sha256', hashedText(commit), 'base64url');
}

/** The same text as `canonicalJson` of the commit without its snapshot, put together without sorting it again. */
export function hashedText(commit: Commit): string {
  const { at, causationId, cell, commandId, commitId, config, correlationId, epoch } = commit;
  const { apiKeyId, id, kind, proof } = commit.actor;
  const actor = { apiKeyId, id, kind, proof };
  const before = JSON.stringify({
    actor,
    at,
    causationId,
    cell,
    commandId,
    commitId,
    config,
    correlationId,
    epoch,
  });
  const { previousHash, requestHash, stream, traceparent, version } = commit;
  const after = JSON.stringify({ previousHash, requestHash, stream, traceparent, version });
  return `${before.slice(0, -1)},"events":${textOf(commit.events, commit.events)},${after.slice(1)}`;
}
