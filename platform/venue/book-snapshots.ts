import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { RegisteredRow } from '../../domain/venue/book-register.ts';
import type { SnapshotReference } from '../../domain/venue/book-events.ts';
import type { WorkingOrder } from '../../domain/venue/snapshot.ts';
import { VenueBook, type VenueBookHead } from '../../domain/venue/venue-book.ts';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import { type ChunkStore, chunkCharactersMax } from './chunk-store.ts';

/**
 * Names the code that writes a book down. Raise it with every change of what a snapshot holds or of how a book goes on from one: older
 * ones are then passed over, and the book is made from the log.
 */
export const bookFingerprint = 'book-2';

/** Chunks after which others have their turn: some ten milliseconds. */
const chunksInSlice = 32;

/** What a chunk's lines are. Kept as text, one line each, so that a book of a million orders is never one text. */
type Line = ['head', VenueBookHead] | ['registered', RegisteredRow] | ['working', WorkingOrder];

const line = z.custom<Line>(
  (value) =>
    Array.isArray(value) &&
    value.length === 2 &&
    ['head', 'registered', 'working'].includes(value[0]) &&
    typeof value[1] === 'object' &&
    value[1] !== null,
);

/** The whole book in chunks, one at a time; the book must not change meanwhile. */
export function* chunksOf(book: VenueBook): Generator<string> {
  let lines: string[] = [];
  let characters = 0;
  for (const one of linesOf(book)) {
    const text = JSON.stringify(one);
    if (characters + text.length > chunkCharactersMax && lines.length > 0) {
      yield lines.join('\n');
      [lines, characters] = [[], 0];
    }
    lines.push(text);
    characters += text.length + 1;
  }
  yield lines.join('\n');
}

function* linesOf(book: VenueBook): Generator<Line> {
  yield ['head', book.head()];
  for (const row of book.registered()) yield ['registered', row];
  for (const order of book.workingOrders()) yield ['working', order];
}

/** Equal for two books exactly when they go on alike. */
export function digestOf(book: VenueBook): string {
  const hash = createHash('sha256');
  for (const chunk of chunksOf(book)) hash.update(chunk);
  return hash.digest('base64url');
}

/** Books written down beside the log. A snapshot is of a stream's version; what it must hash to is only ever said by a commit. */
export class BookSnapshots {
  readonly #chunks: ChunkStore;
  readonly #clock: Pick<Clock, 'sleep'>;

  constructor(chunks: ChunkStore, clock: Pick<Clock, 'sleep'>) {
    this.#chunks = chunks;
    this.#clock = clock;
  }

  async write(
    stream: string,
    version: number,
    book: VenueBook,
    deadline: Deadline,
  ): Promise<SnapshotReference> {
    const hash = createHash('sha256');
    let chunks = 0;
    for (const chunk of chunksOf(book)) {
      hash.update(chunk);
      await this.#chunks.put(ownerOf(stream, version), String(chunks), chunk, deadline);
      chunks += 1;
    }
    return { version, chunks, hash: hash.digest('base64url') };
  }

  /** Undefined when it is not, or not wholly, what the commit says. A book of a million orders takes seconds, in which others have their turns. */
  async read(
    stream: string,
    reference: SnapshotReference,
    deadline: Deadline,
  ): Promise<VenueBook | undefined> {
    const hash = createHash('sha256');
    const chunks: string[] = [];
    for (let index = 0; index < reference.chunks; index += 1) {
      const chunk = await this.#chunks.get(ownerOf(stream, reference.version), String(index), deadline);
      if (chunk === undefined) return undefined;
      hash.update(chunk);
      chunks.push(chunk);
      if (index % chunksInSlice === chunksInSlice - 1) await this.#clock.sleep(0);
    }
    return hash.digest('base64url') === reference.hash ? this.#bookOf(chunks) : undefined;
  }

  /** A book from chunks that hash to what was committed. Throws `CorruptCommit` for anything else. */
  async #bookOf(chunks: readonly string[]): Promise<VenueBook> {
    let head: VenueBookHead | undefined;
    const rows: RegisteredRow[] = [];
    const orders: WorkingOrder[] = [];
    for (const [index, chunk] of chunks.entries()) {
      for (const text of chunk.split('\n')) {
        const [kind, value] = line.parse(JSON.parse(text));
        if (kind === 'head') head = value;
        else if (kind === 'registered') rows.push(value);
        else orders.push(value);
      }
      if (index % chunksInSlice === chunksInSlice - 1) await this.#clock.sleep(0);
    }
    if (!head) throw new CorruptCommit('a snapshot of a book does not say which');
    const restoring = VenueBook.restoring(head, rows, orders);
    for (;;) {
      const { done, value } = restoring.next();
      if (done === true) return value;
      await this.#clock.sleep(0);
    }
  }

  /** Only of one that a newer one was committed after. */
  async remove(stream: string, { version, chunks }: SnapshotReference, deadline: Deadline): Promise<void> {
    for (let index = 0; index < chunks; index += 1)
      await this.#chunks.remove(ownerOf(stream, version), String(index), deadline);
  }
}

function ownerOf(stream: string, version: number): string {
  return `${stream}@${version}`;
}
