import type { Commit } from '../../../platform/event-store/port.ts';
import { demand } from '../law.ts';
import { digest, essence } from './canonical.ts';

/** The log as the auditor has read it: every stream a chain without gaps, every command in it once. */
export class Log {
  readonly #streams = new Map<string, Commit[]>();
  readonly #hashes = new Map<string, string>();
  readonly #ids = new Set<string>();
  readonly #tries = new Set<string>();
  readonly #keys = new Set<string>();
  readonly #commands = new Map<string, Commit>();
  size = 0;
  sizeBesideBooks = 0;

  get streams(): ReadonlyMap<string, readonly Commit[]> {
    return this.#streams;
  }

  head(stream: string): number {
    return this.#streams.get(stream)?.length ?? 0;
  }

  /** Whether a try, by its `causationId`, wrote anything. */
  hasTry(causationId: string): boolean {
    return this.#tries.has(causationId);
  }

  /** What became of a command, by the correlation id it was asked under. */
  commandNamed(correlationId: string): Commit | undefined {
    return this.#commands.get(correlationId);
  }

  at(stream: string, version: number): Commit | undefined {
    return this.#streams.get(stream)?.[version - 1];
  }

  add(commit: Commit): void {
    const { stream, version, commitId } = commit;
    const where = `${stream}@${version}`;
    const known = this.#streams.get(stream) ?? [];
    const last = known.at(-1);
    demand(
      version === known.length + 1,
      'versions have no gap',
      () => `${where} after ${known.length} commits`,
    );
    demand(
      commit.previousHash === this.#hashes.get(stream),
      'every commit carries the hash of the one before',
      () => `${where} has ${commit.previousHash}`,
    );
    demand(
      commit.at >= (last?.at ?? 0),
      'time never goes back in a stream',
      () => `${where} at ${commit.at}`,
    );
    demand(!this.#ids.has(commitId), 'a commit id is used once', () => `${where} reuses ${commitId}`);
    this.#countCommand(commit, where);
    this.#ids.add(commitId);
    if (commit.causationId !== undefined) this.#tries.add(commit.causationId);
    this.#hashes.set(stream, digest(essence(commit)));
    known.push(commit);
    this.#streams.set(stream, known);
    this.size += 1;
    this.sizeBesideBooks += Number(!stream.startsWith('book-'));
  }

  /** By the client's key, and by what we know of it where it has none: a command is in the log at most once. */
  #countCommand(commit: Commit, where: string): void {
    const { stream, commandId, correlationId, actor } = commit;
    if (commandId !== undefined) {
      const key = `${stream} ${commandId}`;
      demand(!this.#keys.has(key), 'a command is in the log once', () => `${where} repeats ${commandId}`);
      this.#keys.add(key);
    }
    // What comes with it, and what comes of it, is under the same name.
    const isOurOwn = actor.kind === 'system' || stream.startsWith('book-') || begins(commit);
    if (correlationId === undefined || isOurOwn) return;
    const before = this.#commands.get(correlationId);
    demand(
      before === undefined,
      'a command is in the log once',
      () => `${correlationId} in ${before?.stream}@${before?.version} and ${where}`,
    );
    this.#commands.set(correlationId, commit);
  }
}

/** The alias or the leg that another order's commit begins. */
function begins({ events: [first] }: Commit): boolean {
  if (first.type === 'OrderAliased') return true;
  const link = first.data['link'] as { readonly entry?: string } | undefined;
  return first.type === 'OrderPlaced' && link?.entry !== undefined;
}
