import { VersionGap } from '../event-store/errors.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import { isRetryable } from './errors.ts';
import type { Advance, Projection } from './port.ts';

/** A stream to be brought to `version`, with those of its commits that are at hand. */
export interface Wanted {
  readonly stream: string;
  readonly version: number;
  readonly commits: readonly Commit[];
}

/** A stream folded up to `applied`. */
export interface Fold<Memory> {
  readonly applied: number;
  readonly memory: Memory;
}

/** What is known of a stream before its next commits: all, or how far it is applied. */
export type Known<Memory> = Fold<Memory> | { readonly applied: number };

/** What is to be written of one stream now. */
export interface Errand<Memory, Effect> {
  /** The stream again, with all its missing commits at hand. */
  readonly wanted: Wanted;
  /** Absent when not even the first commit could be folded. */
  readonly step?: { readonly advance: Advance<Effect>; readonly next: Fold<Memory> };
  /** The commit after the step that cannot be applied, and why. */
  readonly poison?: Poison;
}

export interface Poison {
  readonly version: number;
  readonly error: unknown;
}

/** Plans the next step of a stream that is not far enough yet. Throws only what is retryable. */
export async function planErrand<Memory, Effect>(
  projection: Projection<Memory, Effect>,
  wanted: Wanted,
  known: Known<Memory>,
  limits: { readonly commitsMax: number; readonly read: (from: number) => ReturnType<EventStore['read']> },
): Promise<Errand<Memory, Effect>> {
  const { commitsMax, read } = limits;
  try {
    const commits = await missing(wanted, known.applied, read);
    const fold = 'memory' in known ? known : await recalled(projection, known.applied, read);
    return folded(projection, { ...wanted, commits }, fold, commitsMax);
  } catch (error) {
    if (isRetryable(error)) throw error;
    return { wanted, poison: { version: known.applied + 1, error } };
  }
}

/** What was remembered at `applied`, from the log. */
async function recalled<Memory, Effect>(
  projection: Projection<Memory, Effect>,
  applied: number,
  read: (from: number) => Promise<readonly Commit[]>,
): Promise<Fold<Memory>> {
  const commits = (await read(1)).slice(0, applied);
  let memory = projection.initial;
  for (const commit of commits) memory = projection.apply(memory, commit).memory;
  return { applied, memory };
}

/** The commits after `applied` up to the wanted version: those at hand where they are all, the log's otherwise. */
async function missing(
  { stream, version, commits }: Wanted,
  applied: number,
  read: (from: number) => Promise<readonly Commit[]>,
): Promise<readonly Commit[]> {
  const atHand = new Map(commits.map((commit) => [commit.version, commit]));
  const found: Commit[] = [];
  for (let next = applied + 1; next <= version; next++) {
    const commit = atHand.get(next);
    if (!commit) break;
    found.push(commit);
  }
  if (found.length === version - applied) return found;
  const loaded = (await read(applied + 1)).slice(0, version - applied);
  const isWhole = loaded.every((commit, index) => commit.version === applied + 1 + index);
  if (!isWhole || loaded.length < version - applied)
    throw new VersionGap(`the log does not hold all of ${stream} from version ${applied + 1} to ${version}`);
  return loaded;
}

/** Folds as many commits as are written at once, up to the first that cannot be folded. */
function folded<Memory, Effect>(
  projection: Projection<Memory, Effect>,
  wanted: Wanted,
  { applied, memory: start }: Fold<Memory>,
  commitsMax: number,
): Errand<Memory, Effect> {
  const effects: Effect[] = [];
  let memory = start;
  let poison: Poison | undefined;
  for (const commit of wanted.commits.slice(0, commitsMax)) {
    try {
      const result = projection.apply(memory, commit);
      memory = result.memory;
      effects.push(result.effect);
    } catch (error) {
      poison = { version: commit.version, error };
      break;
    }
  }
  const to = applied + effects.length;
  const advance = { stream: wanted.stream, from: applied, to, memory, effects };
  return {
    wanted,
    ...(effects.length > 0 && { step: { advance, next: { applied: to, memory } } }),
    ...(poison && { poison }),
  };
}
