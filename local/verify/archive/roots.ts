import * as z from 'zod';
import { canonical, sha256 } from '../canonical.ts';
import { parsedJson } from '../evidence-file.ts';
import { commitName, type Finding, found, nothing } from '../finding.ts';
import type { CommitIndex } from './commit-index.ts';
import { unpacked } from './objects.ts';

const head = z.strictObject({ stream: z.string(), version: z.int().min(1), hash: z.string().nullable() });
const rootFile = z.strictObject({
  format: z.literal('ordercell-root'),
  format_version: z.literal(1),
  cell: z.string(),
  number: z.int().min(1),
  at: z.int().min(0),
  previous: z.string().nullable(),
  place: z.string(),
  heads: z.array(head),
});

type Root = z.infer<typeof rootFile>;

/** A root by its number and the hash of its text: what somebody may have kept elsewhere. */
export interface RootName {
  readonly number: number;
  readonly hash: string;
}

export interface KnownRoot extends RootName {
  /** Microseconds. */
  readonly at: number;
}

const nameForm = /^roots\/[^/]+\/(?<number>\d{10})\.json\.gz$/;

/** Goes through the roots of one cell in their order, and holds each against the one before and against the commits. */
export class RootChain {
  readonly #cell: string;
  readonly #index: CommitIndex;
  readonly #wanted: RootName | undefined;
  #before: { readonly number: number; readonly known?: KnownRoot } = { number: 0 };
  /** The hash of the root that was asked for. */
  #wantedHash: string | undefined;
  newest: KnownRoot | undefined;
  roots = 0;

  constructor(cell: string, index: CommitIndex, wanted?: RootName) {
    this.#cell = cell;
    this.#index = index;
    this.#wanted = wanted;
  }

  async take(name: string, bytes: Uint8Array): Promise<readonly Finding[]> {
    const number = Number(nameForm.exec(name)?.groups?.['number'] ?? 0);
    if (number === 0) return found(name, 'no root is called so');
    this.roots += 1;
    const { root, hash, findings } = await readRoot(name, bytes);
    if (number === this.#wanted?.number) this.#wantedHash = hash;
    const known = root && { number, hash, at: root.at };
    const before = this.#before;
    this.#before = { number, ...(known && { known }) };
    if (known) this.newest = known;
    return [
      ...findings,
      ...missing(name, before.number, number),
      ...(root ? [...this.#placed(name, number, root), ...follows(name, root, before, number)] : nothing),
      ...(root?.heads.flatMap((one) => this.#checkHead(number, one)) ?? nothing),
    ];
  }

  /** Whether what was kept elsewhere is here. */
  end(): readonly Finding[] {
    const wanted = this.#wanted;
    if (!wanted || this.#wantedHash === wanted.hash) return nothing;
    const name = `root ${wanted.number} of ${this.#cell}`;
    if (this.#wantedHash !== undefined)
      return found(name, `its hash is ${this.#wantedHash}, not ${wanted.hash}`);
    return found(name, `is missing: the newest that is here is ${this.newest?.number ?? 'none'}`);
  }

  #placed(name: string, number: number, root: Root): readonly Finding[] {
    const isHere = root.number === number && root.cell === this.#cell;
    return isHere ? nothing : found(name, `it says that it is root ${root.number} of ${root.cell}`);
  }

  #checkHead(number: number, { stream, version, hash }: Root['heads'][number]): readonly Finding[] {
    const name = commitName(stream, version);
    const before = this.#index.raiseHead(stream, version);
    if (hash === null) return found(name, `the log had no such commit when root ${number} was made`);
    if (version < before)
      return found(name, `root ${number} goes back to it; a root before had version ${before}`);
    const archived = this.#index.hashOf(stream, version);
    if (archived === hash) return nothing;
    if (archived !== undefined) return found(name, `its hash is ${archived}; root ${number} says ${hash}`);
    const last = this.#index.lastOf(stream);
    const what = last === 0 ? 'nothing of the stream is here' : `what is here ends at version ${last}`;
    return found(name, `is missing: root ${number} has it, and ${what}`);
  }
}

async function readRoot(name: string, bytes: Uint8Array) {
  const text = await unpacked(bytes);
  if (text === undefined) return { hash: '', findings: found(name, 'is damaged: it cannot be unpacked') };
  const hash = sha256(text);
  const parsed = parsedJson(text);
  if ('findings' in parsed) return { hash, findings: found(name, 'is not JSON') };
  const shaped = rootFile.safeParse(parsed.value);
  if (!shaped.success) {
    const [issue] = shaped.error.issues;
    const what = `is no root: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}`;
    return { hash, findings: found(name, what) };
  }
  const isCanonical = canonical(parsed.value) === text;
  return {
    root: shaped.data,
    hash,
    findings: isCanonical ? nothing : found(name, 'its text is not canonical JSON'),
  };
}

function missing(name: string, before: number, number: number): readonly Finding[] {
  if (number === before + 1) return nothing;
  const [first, last] = [before + 1, number - 1];
  return found(
    name,
    first === last ? `root ${first} before it is missing` : `roots ${first} to ${last} before it are missing`,
  );
}

/** What stands before a gap, or cannot be read, has been told of; what follows it cannot be held against it. */
function follows(
  name: string,
  { previous, at }: Root,
  before: { readonly number: number; readonly known?: KnownRoot },
  number: number,
): readonly Finding[] {
  if (number === 1) return previous === null ? nothing : found(name, 'it follows another, and is the first');
  if (number !== before.number + 1 || !before.known) return nothing;
  const { hash, at: earlier } = before.known;
  if (previous !== hash)
    return found(
      name,
      `it follows a root with hash ${previous ?? 'none'}, and the one before it has ${hash}: one of the two was altered`,
    );
  return at < earlier ? found(name, 'its time is before that of the root before it') : nothing;
}
