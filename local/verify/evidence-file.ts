import * as z from 'zod';
import { type Finding, found } from './finding.ts';

const count = z.int().min(0);

const commit = z.strictObject({ version: z.int().min(1), hash: z.string(), text: z.string() });
const stream = z.strictObject({
  stream: z.string(),
  extent: z.enum(['whole', 'beginning', 'part']),
  commits: z.array(commit).min(1),
});
const key = z.strictObject({
  role: z.string(),
  person_id: z.string(),
  issued_by: z.string(),
  issued_at: z.string(),
  revoked_at: z.string().nullable(),
});
const actor = z.strictObject({
  kind: z.string(),
  id: z.string(),
  api_key_id: z.string().nullable(),
  proof: z.string().nullable(),
  key: key.nullable(),
});
const order = z.strictObject({
  order_id: z.string(),
  account_id: z.string(),
  status: z.string(),
  filled_lots: count,
  notional: count,
  traded: count,
  fees: count,
  held_cash: z.int(),
  held_shares: z.int(),
});
const manifest = z.strictObject({
  streams: z.array(z.strictObject({ stream: z.string(), commits: count, version: count, hash: z.string() })),
  commits: count,
  configs: z.array(z.string()),
  actors: count,
  members: z.record(z.string(), z.string()),
  digest: z.string(),
});

const evidence = z.strictObject({
  format: z.literal('ordercell-evidence'),
  format_version: z.literal(1),
  order,
  cell: z.string(),
  exported_at: z.string(),
  exported_by: z.strictObject({ person_id: z.string(), api_key_id: z.string() }),
  streams: z.array(stream).min(1),
  configs: z.array(z.strictObject({ version: z.string(), text: z.string() })),
  config_changes: z.array(z.strictObject({ from: z.string(), to: z.string(), patch: z.array(z.unknown()) })),
  actors: z.array(actor),
  manifest,
});

export type EvidenceFile = z.infer<typeof evidence>;
export type StreamInFile = EvidenceFile['streams'][number];
export type CommitInFile = StreamInFile['commits'][number];

/** The file, or why it cannot even be read as one. */
export type ReadFile = { readonly file: EvidenceFile } | { readonly findings: readonly Finding[] };

export function readEvidence(text: string): ReadFile {
  const parsed = parsedJson(text);
  if ('findings' in parsed) return parsed;
  const shaped = evidence.safeParse(parsed.value);
  if (!shaped.success) {
    const findings = shaped.error.issues.map(({ path, message }) => ({
      where: path.map(String).join('.') || 'the file',
      what: message,
    }));
    return { findings };
  }
  if (keysIn(shaped.data) !== keysWritten(text))
    return { findings: found('the file', 'a name is written twice in one object: readers would differ') };
  return { file: shaped.data };
}

export function parsedJson(
  text: string,
): { readonly value: unknown } | { readonly findings: readonly Finding[] } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { findings: found('the file', `it is not JSON, or cut off: ${why}`) };
  }
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value);
  const own = Array.isArray(value) ? 0 : members.length;
  return members.reduce((sum: number, member) => sum + keysIn(member), own);
}

/** Of two members with one name a parser keeps the last, silently. */
function keysWritten(text: string): number {
  let keys = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?/g)) keys += Number(token.endsWith(':'));
  return keys;
}
