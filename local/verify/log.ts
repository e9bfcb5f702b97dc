import * as z from 'zod';
import { canonical, sha256 } from './canonical.ts';
import type { CommitInFile, EvidenceFile, StreamInFile } from './evidence-file.ts';
import { parsedJson } from './evidence-file.ts';
import { commitName, type Finding, found, nothing } from './finding.ts';

const event = z.strictObject({
  type: z.string(),
  schema: z.int().min(1),
  data: z.record(z.string(), z.unknown()),
});

/** A commit as its text says it. Members this checker does not know are covered by the hash like all others. */
const commit = z.looseObject({
  stream: z.string(),
  version: z.int().min(1),
  events: z.array(event).min(1),
  commitId: z.string(),
  at: z.int().min(0),
  actor: z.strictObject({
    kind: z.string(),
    id: z.string(),
    apiKeyId: z.string().optional(),
    proof: z.string().optional(),
  }),
  cell: z.string(),
  epoch: z.int().min(0),
  commandId: z.string().optional(),
  correlationId: z.string().optional(),
  causationId: z.string().optional(),
  config: z.string().optional(),
  previousHash: z.string().optional(),
});

export type LoggedEvent = z.infer<typeof event>;
export type LoggedCommit = z.infer<typeof commit>;

/** The commits of the file by stream, as far as they could be read, and all that is wrong with them as a log. */
export interface Log {
  readonly streams: ReadonlyMap<string, readonly LoggedCommit[]>;
  readonly findings: readonly Finding[];
}

/** Every text is what was hashed, every stream an unbroken chain of versions, and begins as its kind must. */
export function readLog({ streams }: Pick<EvidenceFile, 'streams'>): Log {
  const read = new Map<string, readonly LoggedCommit[]>();
  const findings: Finding[] = [];
  for (const one of streams) {
    if (read.has(one.stream)) findings.push(...found(one.stream, 'the stream is there twice'));
    const { commits, findings: own } = readStream(one);
    read.set(one.stream, commits);
    findings.push(...own);
  }
  return { streams: read, findings };
}

export function readStream({ stream, extent, commits }: StreamInFile) {
  const findings: Finding[] = [];
  const logged: LoggedCommit[] = [];
  let before: CommitInFile | undefined;
  for (const one of commits) {
    const name = commitName(stream, one.version);
    const read = readCommit(name, one);
    findings.push(...read.findings);
    if (read.commit) {
      logged.push(read.commit);
      findings.push(...placed(name, stream, one, read.commit));
      findings.push(
        ...(extent === 'part' ? follows(name, read.commit, before) : followsAll(name, read.commit, before)),
      );
      findings.push(...begins(name, read.commit));
    }
    before = one;
  }
  return { commits: logged, findings: [...findings, ...backwards(stream, logged)] };
}

/** What the text says, where it can be read, and whether it is what was hashed. */
export function readCommit(name: string, { text, hash }: Pick<CommitInFile, 'text' | 'hash'>) {
  const findings: Finding[] = [];
  if (sha256(text) !== hash) findings.push(...found(name, `its hash is ${sha256(text)}, not ${hash}`));
  const parsed = parsedJson(text);
  if ('findings' in parsed)
    return { commit: undefined, findings: [...findings, ...found(name, 'is not JSON')] };
  if (canonical(parsed.value) !== text) findings.push(...found(name, 'its text is not canonical JSON'));
  const shaped = commit.safeParse(parsed.value);
  if (shaped.success) return { commit: shaped.data, findings };
  const [issue] = shaped.error.issues;
  const what = `is no commit: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}`;
  return { commit: undefined, findings: [...findings, ...found(name, what)] };
}

function placed(
  name: string,
  stream: string,
  { version }: CommitInFile,
  said: LoggedCommit,
): readonly Finding[] {
  if (said.stream === stream && said.version === version) return nothing;
  return found(name, `its text says that it is ${commitName(said.stream, said.version)}`);
}

/** `before`: the one that was found before it in its stream, if any. */
export function followsAll(
  name: string,
  { previousHash, version }: Pick<LoggedCommit, 'previousHash' | 'version'>,
  before: Pick<CommitInFile, 'version' | 'hash'> | undefined,
): readonly Finding[] {
  const expected = (before?.version ?? 0) + 1;
  if (version !== expected) return found(name, `version ${expected} is missing before it, or out of order`);
  if (previousHash === before?.hash) return nothing;
  return found(
    name,
    `it was written after a commit with hash ${previousHash ?? 'none'}, and the one before it has ${before?.hash ?? 'none'}: one of the two was altered`,
  );
}

/** Of the versions that are pointed to, those that are neighbours follow each other, and all are in order. */
function follows(name: string, said: LoggedCommit, before: CommitInFile | undefined): readonly Finding[] {
  if (before === undefined || said.version > before.version + 1) return nothing;
  return followsAll(name, said, before);
}

/** What a stream of each kind can begin with. */
const firsts: Readonly<Record<string, readonly string[]>> = {
  order: ['OrderPlaced', 'OrderDenied', 'OrderAliased'],
  venue: ['VenueReported'],
  execution: ['ExecutionKeyed'],
  account: ['AccountOpened'],
  approval: ['ApprovalRequested'],
  config: ['ConfigChanged', 'ConfigRefused'],
  book: ['BookOpened'],
  killswitch: ['KillSwitchThrown', 'KillSwitchChangeRefused'],
};

export function begins(name: string, { stream, version, events }: LoggedCommit): readonly Finding[] {
  const legal = firsts[kindOf(stream)];
  const type = events[0]?.type ?? '';
  if (legal === undefined || version !== 1 || legal.includes(type)) return nothing;
  return found(name, `a stream of this kind begins with ${legal.join(' or ')}, not with ${type}`);
}

function backwards(stream: string, commits: readonly LoggedCommit[]): readonly Finding[] {
  const later = commits.find(({ at }, index) => at < (commits[index - 1]?.at ?? 0));
  return later
    ? found(commitName(stream, later.version), 'its time is before that of the commit before it')
    : nothing;
}

export function kindOf(stream: string): string {
  return stream.slice(0, Math.max(0, stream.indexOf('-')));
}
