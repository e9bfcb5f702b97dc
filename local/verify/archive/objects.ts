import { hash as digestOf } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as z from 'zod';
import { canonical } from '../canonical.ts';
import { parsedJson } from '../evidence-file.ts';
import { commitName, type Finding, found, nothing } from '../finding.ts';
import { begins, kindOf, type LoggedCommit, readCommit } from '../log.ts';

export interface ArchivedCommit {
  readonly commit: LoggedCommit;
  readonly hash: string;
}

export interface ReadObject {
  readonly commits: readonly ArchivedCommit[];
  readonly findings: readonly Finding[];
}

/** Day and moment of its first commit, microseconds, and the SHA-256 of its text in hex. */
const nameForm =
  /^commits\/[^/]+\/(?<day>\d{4}\/\d{2}\/\d{2})\/(?<at>\d{16})-(?<digest>[0-9a-f]{64})\.jsonl\.gz$/;
/** A batch of the feed is a few megabytes. */
const textMax = 256 * 1024 * 1024;

const commitLine = z.strictObject({ kind: z.string(), hash: z.string(), commit: z.looseObject({}) });
const otherLine = z.looseObject({
  tampered: z.string().optional(),
  unreadable: z.string().optional(),
  stream: z.string().optional(),
  version: z.number().optional(),
});

const unpack = promisify(gunzip);

/** The bytes as text; undefined where they are not what gzip made. */
export async function unpacked(bytes: Uint8Array): Promise<string | undefined> {
  try {
    return (await unpack(bytes, { maxOutputLength: textMax })).toString('utf8');
  } catch (error) {
    const { code } = Object(error);
    // Also what is cut off, is too large, or has other bytes in it than it was made of.
    if (typeof code === 'string') return undefined;
    throw error;
  }
}

/** The commits of one object, as far as they can be read, and all that is wrong with it by itself. */
export async function readObject(cell: string, name: string, bytes: Uint8Array): Promise<ReadObject> {
  const form = nameForm.exec(name)?.groups;
  if (!form) return { commits: [], findings: found(name, 'no object of an archive is called so') };
  const text = await unpacked(bytes);
  if (text === undefined) return { commits: [], findings: found(name, 'is damaged: it cannot be unpacked') };
  const lines = text.split('\n');
  const isWhole = lines.pop() === '';
  const read = lines.map((line, index) => readLine(`${name} line ${index + 1}`, line));
  const commits = read.flatMap(({ commit }) => commit ?? []);
  return {
    commits,
    findings: [
      ...(digestOf('sha256', text) === form['digest']
        ? nothing
        : found(name, 'it is not the text it is named after')),
      ...(isWhole ? nothing : found(name, 'its last line is cut off')),
      ...checkTime(name, form, read[0]?.commit?.commit),
      ...read.flatMap(({ findings }) => findings),
      ...commits.flatMap((one) => ofCell(name, cell, one)),
    ],
  };
}

function checkTime(
  name: string,
  { day, at }: Readonly<Record<string, string>>,
  first: LoggedCommit | undefined,
): readonly Finding[] {
  const time = new Date(Number(at) / 1_000);
  const isDay =
    !Number.isNaN(time.valueOf()) && time.toISOString().slice(0, 10) === day?.replaceAll('/', '-');
  const isFirst = first === undefined || first.at === Number(at);
  return isDay && isFirst
    ? nothing
    : found(name, 'it is filed under another moment than that of its first commit');
}

function ofCell(name: string, cell: string, { commit }: ArchivedCommit): readonly Finding[] {
  if (commit.cell === cell) return nothing;
  return found(
    commitName(commit.stream, commit.version),
    `it is of cell ${commit.cell}, and ${name} is of ${cell}`,
  );
}

interface ReadLine {
  readonly commit?: ArchivedCommit;
  readonly findings: readonly Finding[];
}

function readLine(place: string, line: string): ReadLine {
  const parsed = parsedJson(line);
  if ('findings' in parsed) return { findings: found(place, 'is not JSON') };
  const shaped = commitLine.safeParse(parsed.value);
  if (!shaped.success) return { findings: otherwise(place, parsed.value) };
  const { kind, hash, commit: said } = shaped.data;
  const text = canonical(said);
  const read = readCommit(place, { text, hash });
  const isOurs = line === `{"kind":${JSON.stringify(kind)},"hash":${JSON.stringify(hash)},"commit":${text}}`;
  const findings = [
    ...read.findings,
    ...(isOurs ? nothing : found(place, 'is not written as an archive writes it')),
  ];
  const { commit } = read;
  if (!commit) return { findings };
  if (kindOf(commit.stream) !== kind) findings.push(...found(place, `${commit.stream} is no ${kind}`));
  findings.push(...begins(commitName(commit.stream, commit.version), commit));
  return { commit: { commit, hash }, findings };
}

/** What the archive was given that is no commit: it is kept as it came, so that somebody sees it. */
function otherwise(place: string, value: unknown): readonly Finding[] {
  const { tampered, unreadable, stream = 'a stream', version = 0 } = otherLine.safeParse(value).data ?? {};
  const name = commitName(stream, version);
  if (tampered !== undefined)
    return found(name, `somebody changed or removed it in the log (${tampered}), see ${place}`);
  if (unreadable !== undefined)
    return found(name, `could not be read when it was archived (${unreadable}), see ${place}`);
  return found(place, 'is neither a commit nor anything else that an archive keeps');
}
