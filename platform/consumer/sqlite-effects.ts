import { feedStart } from '../event-store/feed.ts';
import type { Advance, EffectStore, Parked, Parking, Progress, Written } from './port.ts';
import type { SqliteConsumerFile } from './sqlite-file.ts';
import { ParkedStatements } from './sqlite-parking.ts';

/**
 * One consumer's effects in the consumers' file. A subclass says what one transaction's effects do to its tables; how far the
 * consumer is, and what it parked, is kept here, in the same transaction.
 *
 * How far a stream is applied is not stored where it follows from the log: up to `upto` the feed has brought everything in order,
 * so its last version up to there is applied. `apart` holds the others: what was brought otherwise, and what is parked. A row of
 * its own for each stream would cost each of them a page. What is remembered of a stream is not stored: the log is beside.
 */
export abstract class SqliteEffects<Effect> implements EffectStore<Effect>, Parking {
  readonly savesMarks = true;
  protected readonly file: SqliteConsumerFile;
  readonly #consumer: string;
  readonly #parked: ParkedStatements;
  readonly #upTo;
  readonly #cover;
  readonly #apart;
  readonly #keepApart;
  readonly #dropApart;

  constructor(file: SqliteConsumerFile, consumer: string) {
    const { database } = file;
    this.file = file;
    this.#consumer = consumer;
    this.#parked = new ParkedStatements(database);
    this.#upTo = database.prepare('SELECT upto FROM coverage WHERE consumer = ?');
    this.#cover = database.prepare(
      `INSERT INTO coverage (consumer, upto) VALUES (?1, ?2)
       ON CONFLICT DO UPDATE SET upto = max(upto, ?2)`,
    );
    this.#apart = database.prepare('SELECT applied FROM apart WHERE consumer = ? AND stream = ?');
    this.#keepApart = database.prepare(
      'INSERT OR REPLACE INTO apart (consumer, stream, applied) VALUES (?, ?, ?)',
    );
    this.#dropApart = database.prepare('DELETE FROM apart WHERE consumer = ? AND stream = ?');
  }

  /** What commits do to the tables, in the order of the log. Inside a transaction: what throws is undone. */
  protected abstract apply(effects: readonly Effect[]): void;

  /** Called when a transaction with effects has been committed. Must not throw. */
  protected committed(_effects: readonly Effect[]): void {}

  async progress(streams: readonly string[]): Promise<ReadonlyMap<string, Progress>> {
    const found = new Map<string, Progress>();
    const upTo = Number(this.covered());
    for (const stream of streams) {
      const applied = this.#applied(stream, upTo);
      if (applied > 0) found.set(stream, { applied });
    }
    return found;
  }

  async write(
    advances: readonly Advance<Effect>[],
    _deadline?: unknown,
    mark?: string,
  ): Promise<readonly Written[]> {
    const { written, effects } = this.file.transaction(() => this.#written(advances, mark));
    if (effects.length > 0) this.committed(effects);
    return written;
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  async park(consumer: string, parked: Parked): Promise<'parked' | 'known'> {
    return this.file.transaction(() => {
      // The feed goes on past it: from now on this stream is elsewhere than the feed.
      if (consumer === this.#consumer)
        this.#keepApart.run(consumer, parked.stream, this.#applied(parked.stream, Number(this.covered())));
      return this.#parked.park(consumer, parked);
    });
  }

  async parked(consumer: string): Promise<readonly Parked[]> {
    return this.#parked.list(consumer);
  }

  async unpark(consumer: string, stream: string): Promise<void> {
    this.file.transaction(() => this.#parked.unpark(consumer, stream));
  }

  /** Up to where the feed has been applied, but for the streams kept apart. */
  covered(): string {
    return String(this.#upTo.get(this.#consumer)?.['upto'] ?? feedStart);
  }

  /** The feed has brought everything up to `sequence`, and none of it was for this consumer. */
  cover(sequence: string): void {
    this.file.transaction(() => this.#cover.run(this.#consumer, Number(sequence)));
  }

  /** Back to the beginning of the feed. */
  protected uncover(): void {
    for (const table of ['coverage', 'apart'])
      this.file.database.prepare(`DELETE FROM ${table} WHERE consumer = ?`).run(this.#consumer);
  }

  #written(advances: readonly Advance<Effect>[], mark: string | undefined) {
    const taken = new Map<string, Advance<Effect>>();
    const before = Number(this.covered());
    const written = advances.map((advance): Written => {
      const { stream, from } = advance;
      if (taken.has(stream) || this.#applied(stream, before) !== from) return 'conflict';
      taken.set(stream, advance);
      return 'written';
    });
    const effects = this.#inOrder([...taken.values()]);
    if (effects.length > 0) this.apply(effects);
    if (mark !== undefined && !written.includes('conflict')) this.#cover.run(this.#consumer, Number(mark));
    const upTo = Number(this.covered());
    for (const { stream, to } of taken.values()) this.#keep(stream, to, upTo);
    return { written, effects };
  }

  /** As the log has them, whatever batches they came in: what depends on the order is then the same after every rebuild. */
  #inOrder(advances: readonly Advance<Effect>[]): readonly Effect[] {
    const [first] = advances;
    if (advances.length < 2) return first?.effects ?? [];
    const placed = advances.flatMap(({ stream, from, to, effects }) => {
      const sequences = this.file.log.sequences(stream, from, to);
      return effects.map((effect, index) => ({ effect, sequence: sequences[index] ?? 0 }));
    });
    return placed.sort((a, b) => a.sequence - b.sequence).map(({ effect }) => effect);
  }

  #applied(stream: string, upTo: number): number {
    const apart = this.#apart.get(this.#consumer, stream)?.['applied'];
    return apart === undefined ? this.file.log.versionUpTo(stream, upTo) : Number(apart);
  }

  #keep(stream: string, applied: number, upTo: number): void {
    if (this.file.log.versionUpTo(stream, upTo) === applied) this.#dropApart.run(this.#consumer, stream);
    else this.#keepApart.run(this.#consumer, stream, applied);
  }
}
