import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderArchive } from '../../../platform/archive/folder.ts';
import { unreadableFile } from '../../unreadable-file.ts';
import { UnusableOptions } from '../../options.ts';
import type { EvidenceFile } from '../evidence-file.ts';
import { commitName, type Finding, found, nothing } from '../finding.ts';
import { followsAll } from '../log.ts';
import { CommitIndex, type IndexedCommit } from './commit-index.ts';
import { readObject } from './objects.ts';
import { type KnownRoot, RootChain, type RootName } from './roots.ts';

/** What the archive of one cell holds. Times in microseconds. */
export interface CellArchive {
  readonly cell: string;
  readonly objects: number;
  readonly commits: number;
  readonly streams: number;
  readonly oldest: number;
  readonly newest: number;
  readonly roots: number;
  readonly newestRoot: KnownRoot | undefined;
  /** No root speaks for them yet, so what is missing among them does not show. */
  readonly newerThanRoots: number;
}

export interface ArchiveCheck {
  readonly cells: readonly CellArchive[];
  /** The first thousand. */
  readonly findings: readonly Finding[];
  readonly findingsInAll: number;
}

export interface ArchiveQuestion {
  /** A copy of the bucket, or of some cells of it: `commits/CELL/…` and `roots/CELL/…`. */
  readonly folder: string;
  /** A root that somebody kept the hash of; of the one cell that is there. */
  readonly root?: RootName;
  /** Whose commits must be in the archive, as they are in it. */
  readonly evidence?: EvidenceFile;
}

const findingsMax = 1_000;
/** A root is made every quarter of an hour. */
const rootlessMaxUs = 3_600_000_000;

class Findings {
  readonly kept: Finding[] = [];
  inAll = 0;

  add(...more: readonly Finding[]): void {
    this.inAll += more.length;
    if (this.kept.length < findingsMax) this.kept.push(...more.slice(0, findingsMax - this.kept.length));
  }
}

/**
 * Everything that can be known of an archive without the cell: every object is what its name says, every commit what was hashed, every stream
 * an unbroken chain, and the roots know of nothing that is not there. Throws `UnusableOptions`.
 */
export async function checkArchive({ folder, root, evidence }: ArchiveQuestion): Promise<ArchiveCheck> {
  const names = await cellsIn(folder);
  if (root && names.length > 1)
    throw new UnusableOptions(`--root is of one cell, and there are ${names.length}: ${names.join(', ')}`);
  if (evidence && !names.includes(evidence.cell))
    throw new UnusableOptions(
      `the file is of cell ${evidence.cell}, and in ${folder} are ${names.join(', ')}`,
    );
  const findings = new Findings();
  const cells: CellArchive[] = [];
  for (const cell of names) {
    using index = new CommitIndex();
    cells.push(await checkCell(new FolderArchive(folder), cell, { index, findings, root }));
    if (evidence?.cell === cell) findings.add(...compare(evidence, index));
  }
  return { cells, findings: findings.kept, findingsInAll: findings.inAll };
}

interface Checking {
  readonly index: CommitIndex;
  readonly findings: Findings;
  readonly root: RootName | undefined;
}

async function checkCell(
  archive: FolderArchive,
  cell: string,
  { index, findings, root }: Checking,
): Promise<CellArchive> {
  let objects = 0;
  for await (const { name, bytes } of contents(archive, `commits/${cell}/`)) {
    objects += 1;
    const read = await readObject(cell, name, bytes);
    findings.add(...read.findings);
    for (const one of read.commits)
      if (!index.add(one))
        findings.add(
          ...found(
            commitName(one.commit.stream, one.commit.version),
            `there are two of it, the other in ${name}`,
          ),
        );
  }
  const counted = checkStreams(index, findings);
  const chain = new RootChain(cell, index, root);
  for await (const { name, bytes } of contents(archive, `roots/${cell}/`))
    findings.add(...(await chain.take(name, bytes)));
  findings.add(...chain.end(), ...rootless(cell, counted, chain.newest));
  const { roots, newest: newestRoot } = chain;
  return { cell, objects, ...counted, roots, newestRoot, newerThanRoots: index.newerThanRoots() };
}

type Counted = Pick<CellArchive, 'commits' | 'streams' | 'oldest' | 'newest'>;

function checkStreams(index: CommitIndex, findings: Findings): Counted {
  let [commits, streams, oldest, newest] = [0, 0, Number.POSITIVE_INFINITY, 0];
  let before: IndexedCommit | undefined;
  for (const one of index.inOrder()) {
    const name = commitName(one.stream, one.version);
    if (before?.stream !== one.stream) {
      before = undefined;
      streams += 1;
    }
    findings.add(...followsAll(name, one, before));
    if (one.at < (before?.at ?? 0))
      findings.add(...found(name, 'its time is before that of the commit before it'));
    commits += 1;
    [oldest, newest] = [Math.min(oldest, one.at), Math.max(newest, one.at)];
    before = one;
  }
  return { commits, streams, oldest, newest };
}

function rootless(
  cell: string,
  { commits, oldest, newest }: Counted,
  root: KnownRoot | undefined,
): readonly Finding[] {
  if (commits === 0 || newest - (root?.at ?? oldest) <= rootlessMaxUs) return nothing;
  const since = root ? `after root ${root.number}` : 'at all';
  return found(`roots of ${cell}`, `there are none ${since}, and commits go on for more than an hour`);
}

/** A hash stands for the whole text. */
function compare({ streams }: EvidenceFile, index: CommitIndex): readonly Finding[] {
  return streams.flatMap(({ stream, extent, commits }) => {
    const last = index.lastOf(stream);
    const goesOn = extent === 'whole' && last > (commits.at(-1)?.version ?? 0);
    return [
      ...commits.flatMap(({ version, hash }) => {
        const archived = index.hashOf(stream, version);
        if (archived === hash) return nothing;
        const what =
          archived === undefined ? 'the archive has no such commit' : 'the archive has another one';
        return found(commitName(stream, version), what);
      }),
      ...(goesOn
        ? found(stream, `the archive goes on to version ${last}: the file is older, or was cut`)
        : nothing),
    ];
  });
}

async function* contents(archive: FolderArchive, prefix: string) {
  for await (const name of archive.names(prefix)) {
    const bytes = await archive.read(name);
    if (bytes) yield { name, bytes };
  }
}

async function cellsIn(folder: string): Promise<readonly string[]> {
  await listed(folder);
  const kinds = await Promise.all(['commits', 'roots'].map(async (kind) => listedOrNone(join(folder, kind))));
  const cells = [...new Set(kinds.flat())].toSorted();
  if (cells.length > 0) return cells;
  throw new UnusableOptions(
    `${folder} is no copy of an archive: neither commits/CELL nor roots/CELL is in it`,
  );
}

async function listed(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const why = unreadableFolder(folder, error);
    throw why === undefined ? error : new UnusableOptions(why, { cause: error });
  }
}

async function listedOrNone(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (Object(error).code === 'ENOENT') return [];
    throw error;
  }
}

function unreadableFolder(folder: string, error: unknown): string | undefined {
  if (Object(error).code === 'ENOENT') return `${folder}: no such folder`;
  if (Object(error).code === 'ENOTDIR') return `${folder} is a file, not a folder`;
  return unreadableFile(folder, error);
}
