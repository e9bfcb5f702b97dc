import { assert } from '../../domain/values/assert.ts';
import { timestamp } from '../../domain/values/time.ts';
import type {
  BatchMatched,
  BookEvent,
  BookOpened,
  SnapshotReference,
  SnapshotTaken,
} from '../../domain/venue/book-events.ts';
import type { BookOutput } from '../../domain/venue/book-output.ts';
import { VenueBook } from '../../domain/venue/venue-book.ts';
import { upcastBook } from '../aggregates/book.ts';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { canonicalJson } from '../event-store/canonical-json.ts';
import { hashOf } from '../event-store/codec.ts';
import { CorruptCommit, VersionGap } from '../event-store/errors.ts';
import type { AppendResult, Commit, EventStore, StoredEvent } from '../event-store/port.ts';
import type { Random } from '../random/random.ts';
import { bookFingerprint, type BookSnapshots } from './book-snapshots.ts';

/** A book as far as its stream is known, and what of its outputs is not yet known to be in the orders. */
export interface BookAtVersion {
  /** Undefined while the stream is empty: nobody has traded here yet. */
  book: VenueBook | undefined;
  last: Commit | undefined;
  /** Made of the inputs in the log, and not in the log themselves yet. */
  owed: readonly BookOutput[];
  /** Since the last batch with inputs, that one included: all outputs before it are in their orders. */
  readonly unsettled: SettledBatch[];
  snapshot: SnapshotReference | undefined;
  /** Inputs taken since the last snapshot. */
  inputsSince: number;
}

/** The outputs of one commit. */
export interface SettledBatch {
  readonly commit: Commit;
  readonly outputs: readonly BookOutput[];
}

/** Our own market, wherever it says something by itself. */
export const bookActor = { kind: 'venue', id: 'internal', proof: 'internal' } as const;

export interface BookLogOptions {
  readonly store: Pick<EventStore, 'append' | 'read' | 'readTail'>;
  readonly snapshots: BookSnapshots;
  readonly clock: Clock;
  readonly random: Random;
  readonly cell: string;
}

/** The stream of one book: how it is read, and how it is written. */
export class BookLog {
  readonly #options: BookLogOptions;

  constructor(options: BookLogOptions) {
    this.#options = options;
  }

  /**
   * The newest snapshot that is what its commit says, and the commits after it; from the first commit where there is none. Every batch is
   * matched again, and throws `CorruptCommit` when it comes out otherwise than it was written.
   */
  async load(stream: string, deadline: Deadline): Promise<BookAtVersion> {
    const { store, snapshots } = this.#options;
    const tail = await store.readTail(stream, bookFingerprint, deadline);
    const reference = referenceIn(tail[0]);
    const found = reference && (await snapshots.read(stream, reference, deadline));
    if (!reference || !found) return replay(stream, empty(), await store.read(stream, 1, deadline));
    const [base, ...rest] = await store.read(stream, reference.version, deadline);
    if (base?.version !== reference.version)
      throw new VersionGap(`${stream} has no version ${reference.version}, which a snapshot was taken of`);
    const start = { ...empty(), book: found, last: base, snapshot: reference };
    return replay(stream, start, rest);
  }

  /**
   * Takes in what was written after `at`; false: nothing was. Throws what `load` throws, and then `at` may be neither what it was nor what
   * the log is.
   */
  async catchUp(stream: string, at: BookAtVersion, deadline: Deadline): Promise<boolean> {
    const missed = await this.#options.store.read(stream, (at.last?.version ?? 0) + 1, deadline);
    replay(stream, at, missed);
    return missed.length > 0;
  }

  /** Writes the next commit. Whoever gets anything but `appended` or `repeated` no longer knows the book. */
  async append(
    stream: string,
    last: Commit | undefined,
    events: readonly [BookEvent, ...BookEvent[]],
    context: Partial<Pick<Commit, 'config' | 'actor' | 'correlationId'>> & { readonly deadline: Deadline },
  ): Promise<{ readonly result: AppendResult; readonly commit: Commit }> {
    const { store, clock, random, cell } = this.#options;
    const [first, ...others] = events;
    const commit: Commit = {
      stream,
      version: (last?.version ?? 0) + 1,
      events: [stored(first), ...others.map(stored)],
      commitId: random.id(),
      at: timestamp(Math.max(clock.now(), last?.at ?? 0)),
      actor: context.actor ?? bookActor,
      cell,
      epoch: 1,
      ...(context.config !== undefined && { config: context.config }),
      ...(context.correlationId !== undefined && { correlationId: context.correlationId }),
      ...(last && { previousHash: hashOf(last) }),
      ...marked(events),
    };
    return { result: await store.append([commit], [], context.deadline), commit };
  }
}

function empty(): BookAtVersion {
  return { book: undefined, last: undefined, owed: [], unsettled: [], snapshot: undefined, inputsSince: 0 };
}

function stored({ type, schema, data }: BookEvent): StoredEvent {
  return { type, schema, data: { ...data } };
}

/** Readers going back look for this mark; what it marks is the event beside it, which the chain of hashes covers. */
function marked(events: readonly BookEvent[]): Pick<Commit, 'snapshot'> {
  const taken = events.find((event): event is SnapshotTaken => event.type === 'SnapshotTaken');
  return taken ? { snapshot: { fingerprint: bookFingerprint, state: { version: taken.data.version } } } : {};
}

function referenceIn(commit: Commit | undefined): SnapshotReference | undefined {
  if (commit?.snapshot?.fingerprint !== bookFingerprint) return undefined;
  const taken = commit.events.map(upcastBook).find((event) => event.type === 'SnapshotTaken');
  return taken?.type === 'SnapshotTaken' ? taken.data : undefined;
}

/** Goes through commits as they were written; each must follow the one before and come out as it did then. */
export function replay(stream: string, start: BookAtVersion, commits: readonly Commit[]): BookAtVersion {
  const at = start;
  for (const commit of commits) {
    follows(stream, at.last, commit);
    at.last = commit;
    for (const event of commit.events.map(upcastBook)) step(at, event, commit);
  }
  return at;
}

function follows(stream: string, last: Commit | undefined, commit: Commit): void {
  const previousHash = last && hashOf(last);
  if (commit.version !== (last?.version ?? 0) + 1)
    throw new VersionGap(`${stream} version ${commit.version} does not follow version ${last?.version ?? 0}`);
  if (commit.previousHash !== previousHash)
    throw new CorruptCommit(`${stream} version ${commit.version} does not carry the hash of the one before`);
}

function step(at: BookAtVersion, event: BookEvent, commit: Commit): void {
  if (event.type === 'BookOpened') {
    at.book = opened(event.data);
    return;
  }
  if (event.type === 'SnapshotTaken') {
    at.snapshot = event.data;
    at.inputsSince = 0;
    return;
  }
  rematch(at, event, commit);
}

export function opened({ contract, phase, day }: BookOpened['data']): VenueBook {
  return VenueBook.open(contract, phase, day);
}

function rematch(at: BookAtVersion, { data }: BatchMatched, commit: Commit): void {
  const { book } = at;
  if (!book)
    throw new CorruptCommit(`${commit.stream} version ${commit.version} matches in a book not opened`);
  if (data.inputs.length > 0) {
    book.begin();
    at.unsettled.length = 0;
  }
  const made = [...at.owed, ...data.inputs.flatMap((input) => book.take(input))];
  const written = made.slice(0, data.outputs.length);
  at.owed = made.slice(data.outputs.length);
  at.inputsSince += data.inputs.length;
  if (canonicalJson(written) !== canonicalJson(data.outputs) || at.owed.length !== (data.owed ?? 0))
    throw new CorruptCommit(
      `${commit.stream} version ${commit.version} comes out otherwise when matched again`,
    );
  at.unsettled.push({ commit, outputs: data.outputs });
}

/** What a commit holds of outputs that are waiting for it. */
export function firstOutputs(waiting: readonly BookOutput[], most: number): readonly BookOutput[] {
  assert(most > 0, 'a commit holds at least one output');
  return waiting.slice(0, most);
}
