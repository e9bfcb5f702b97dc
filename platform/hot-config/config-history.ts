import type { ConfigEvent } from '../../domain/config/events.ts';
import { applied } from '../../domain/config/json-patch.ts';
import { configStream } from '../../domain/config/state.ts';
import type { Json } from '../../domain/values/json.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { config } from '../aggregates/config.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Actor, Commit, EventStore } from '../event-store/port.ts';

/** One change of a cell's config, applied or refused, as it is on record. */
export interface ConfigHistoryEntry {
  /** Its place in the stream `config-<cell>`. */
  readonly commit: number;
  readonly commitId: string;
  readonly at: Timestamp;
  readonly actor: Actor;
  readonly event: ConfigEvent;
}

/** A document that was in force, rebuilt from the record: what its patches make of nothing, one after the other. */
export interface ConfigDocument {
  readonly version: string;
  readonly document: Json;
  /** From when; a version that came back counts from its first time. */
  readonly at: Timestamp;
}

type Reader = Pick<EventStore, 'read'>;

/** Every change there was, oldest first. Reads the whole stream: configs change a few times a day. */
export async function configHistory(
  store: Reader,
  cell: string,
  deadline: Deadline,
): Promise<readonly ConfigHistoryEntry[]> {
  return historyOf(await store.read(configStream(cell), 1, deadline));
}

/** The same of commits that are at hand: needs nothing but them. */
export function historyOf(commits: readonly Commit[]): readonly ConfigHistoryEntry[] {
  return commits.flatMap(({ version, commitId, at, actor, events }) =>
    events.map((stored) => ({ commit: version, commitId, at, actor, event: config.upcast(stored) })),
  );
}

/** The document a version stands for; undefined when it is not on record. */
export async function configAt(
  store: Reader,
  cell: string,
  version: string,
  deadline: Deadline,
): Promise<ConfigDocument | undefined> {
  return documentsOf(await configHistory(store, cell, deadline)).find((one) => one.version === version);
}

/** Every document that was in force, in that order. */
export function documentsOf(history: readonly ConfigHistoryEntry[]): readonly ConfigDocument[] {
  const documents: ConfigDocument[] = [];
  let document: Json = null;
  for (const { event, at } of history) {
    if (event.type !== 'ConfigChanged') continue;
    document = applied(event.data.patch, document);
    documents.push({ version: event.data.version, document, at });
  }
  return documents;
}
