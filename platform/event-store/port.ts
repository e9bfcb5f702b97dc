import type { Item, ItemChange, ItemKey } from '../../domain/account/items.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Deadline } from '../deadline/deadline.ts';

/** One thing that happened, as it is stored: `schema` says which shape `data` had when it was written. */
export interface StoredEvent {
  readonly type: string;
  readonly schema: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Who caused a commit. `proof` is how they showed who they are, e.g. `api-key`, `internal`. */
export interface Actor {
  readonly kind: 'client' | 'desk' | 'operator' | 'venue' | 'risk' | 'system';
  readonly id: string;
  readonly apiKeyId?: string;
  readonly proof?: string;
}

/**
 * All events one command produced. Written once by one conditional put, never changed.
 * `version` counts 1, 2, 3 ... within `stream`, without gaps.
 */
export interface Commit {
  readonly stream: string;
  readonly version: number;
  readonly events: readonly [StoredEvent, ...StoredEvent[]];
  /** New for every decided content: how a writer recognises its own write. */
  readonly commitId: string;
  /** The client's idempotency key and the hash of the request it stood for. */
  readonly commandId?: string;
  readonly requestHash?: string;
  /** The cell's clock when the command arrived; never before the commit it follows. */
  readonly at: Timestamp;
  readonly actor: Actor;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  /** Version of the hot config (and switches) the decision was made under. */
  readonly config?: string;
  readonly cell: string;
  readonly epoch: number;
  /** SHA-256 of the commit before in this stream, base64url; absent at version 1. */
  readonly previousHash?: string;
  /** The folded state after this commit, in the fold's own shape. Not part of the hash: it can be derived. */
  readonly snapshot?: Snapshot;
}

export interface Snapshot {
  /** Names the fold and state shape that made it; a reader with another fold ignores the snapshot. */
  readonly fingerprint: string;
  readonly state: unknown;
}

/**
 * What became of an append. Either everything in it is durable or nothing is.
 * - `appended`: written now.
 * - `repeated`: our own commit (same `commitId`) was already there, from a try whose answer was lost.
 * - `conflict`: `commit` of somebody else sits where ours should go (the first such one, in the order given).
 * - `refused`: the conditions of one or more items failed; `refusals` names those, each with the item as it was.
 */
export type AppendResult =
  | { readonly outcome: 'appended' }
  | { readonly outcome: 'repeated' }
  | { readonly outcome: 'conflict'; readonly commit: Commit }
  | { readonly outcome: 'refused'; readonly refusals: readonly Refusal[] };

export interface Refusal {
  readonly key: ItemKey;
  readonly item: Item | undefined;
}

/** A stream and a version of it, mostly its newest. */
export interface StreamHead {
  readonly stream: string;
  readonly version: number;
}

/** A commit as the change feed delivers it; `sequence` is only meaningful within one feed. */
export interface FeedEntry {
  readonly sequence: string;
  readonly commit: Commit;
}

export interface EventStore {
  /**
   * Appends commits (each to its own stream) and item changes as one.
   * Throws `LimitExceeded` before any call, `VersionGap` when the version before is missing from a stream this
   * store can check, `StoreUnavailable` when the outcome could not be learned within the deadline.
   */
  append(
    commits: readonly [Commit, ...Commit[]],
    changes: readonly ItemChange[],
    deadline: Deadline,
  ): Promise<AppendResult>;

  /** Every commit with `version >= from`, oldest first, paged to the end, strongly consistent. */
  read(stream: string, from: number, deadline: Deadline): Promise<readonly Commit[]>;

  /** One commit, strongly consistent, by one read of that commit alone; undefined: there is no such version. */
  readOne(stream: string, version: number, deadline: Deadline): Promise<Commit | undefined>;

  /**
   * The newest commits back to the latest snapshot whose fingerprint is given, or to version 1, oldest first.
   * One request while snapshots are free (see `snapshot-policy.ts`), two at most unless the fingerprint is stale.
   */
  readTail(stream: string, fingerprint: string, deadline: Deadline): Promise<readonly Commit[]>;

  /** One item, strongly consistent. */
  readItem(key: ItemKey, deadline: Deadline): Promise<Item | undefined>;

  /** All items of one owner, strongly consistent, by name. */
  readItems(owner: string, deadline: Deadline): Promise<ReadonlyMap<string, Item>>;

  /**
   * Every stream with its head version, in no order: for reconcile, sweep and verification. However many pages there are: each is
   * read by a deadline of its own, which `deadlineOf` gives.
   */
  heads(deadlineOf: () => Deadline): AsyncIterable<StreamHead>;

  close(): Promise<void>;
}
