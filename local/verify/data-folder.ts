import { unhurried } from '../../platform/deadline/deadline.ts';
import { hashedText, hashOf } from '../../platform/event-store/codec.ts';
import type { EventStore } from '../../platform/event-store/port.ts';
import { isUnreadable } from '../unreadable-log.ts';
import type { CommitInFile, EvidenceFile } from './evidence-file.ts';
import { commitName, type Finding, found, nothing } from './finding.ts';
import { readStream } from './log.ts';

export interface FolderCheck {
  readonly streams: number;
  readonly commits: number;
  readonly findings: readonly Finding[];
}

/** Findings that are told one by one. */
const findingsMax = 1_000;

/** Every stream of the log, one at a time, by the same rules as those of a file. Only the definition of the hash is the product's. */
export async function checkFolder(store: EventStore): Promise<FolderCheck> {
  const findings: Finding[] = [];
  let [streams, commits] = [0, 0];
  for await (const { stream, version } of store.heads(() => unhurried)) {
    const read = await commitsOf(store, stream);
    streams += 1;
    commits += read.commits.length;
    const own = [...read.findings];
    if (own.length === 0 && read.commits.length < version)
      own.push(...found(stream, `${read.commits.length} of ${version} commits are there`));
    own.push(...readStream({ stream, extent: 'whole', commits: [...read.commits] }).findings);
    findings.push(...own.slice(0, findingsMax - findings.length));
  }
  return { streams, commits, findings };
}

/** Whether every commit of a file is in the log, as it is there: what a file alone cannot show. */
export async function compareWithLog(store: EventStore, file: EvidenceFile): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { stream, extent, commits } of file.streams) {
    const read = await commitsOf(store, stream);
    const inLog = new Map(read.commits.map((commit) => [commit.version, commit]));
    findings.push(
      ...read.findings,
      ...commits.flatMap((commit) => compare(stream, commit, inLog.get(commit.version))),
    );
    const last = commits.at(-1)?.version ?? 0;
    if (extent === 'whole' && read.commits.length > last)
      findings.push(...found(stream, `the log goes on after version ${last}: the file is older, or was cut`));
  }
  return findings;
}

function compare(stream: string, inFile: CommitInFile, inLog: CommitInFile | undefined): readonly Finding[] {
  const name = commitName(stream, inFile.version);
  if (!inLog) return found(name, 'the log has no such commit');
  return inLog.text === inFile.text ? nothing : found(name, 'the log has another one');
}

async function commitsOf(store: EventStore, stream: string) {
  try {
    const commits = await store.read(stream, 1, unhurried);
    return {
      findings: nothing,
      commits: commits.map(
        (commit): CommitInFile => ({
          version: commit.version,
          hash: hashOf(commit),
          text: hashedText(commit),
        }),
      ),
    };
  } catch (error) {
    // Also where SQLite cannot read the page: another stream may lie in others.
    if (!isUnreadable(error)) throw error;
    return { findings: found(stream, error.message), commits: [] };
  }
}
