import { canonicalJson } from '../../../platform/event-store/canonical-json.ts';
import { sha256 } from '../../../local/verify/canonical.ts';
import type { EvidenceFile } from '../../../local/verify/evidence-file.ts';
import { Desk } from '../../functions/api/desk.ts';
import type { TestCell } from '../../support/cell.ts';

/**
 * An order with everything in it that evidence is made of: a halt lifted by two people, a replace, fills by a venue and by hand, a
 * correction, a contradiction, a cancel. Gives its first id.
 */
export async function eventfulOrder(cell: TestCell): Promise<string> {
  const desk = new Desk(cell);
  await desk.halt();
  await desk.second(`POST /v1/approvals/${await desk.askToLift()}/approve`);
  const { id, replacementId } = await desk.replaced();
  await desk.report(id, { report: 'accept', venue_order_id: 'V1' });
  await desk.report(id, { report: 'execute', execution_id: 'E1', qty: '4', price: '98.9' });
  const byHand = { execution_id: 'M1', qty: '2', price: '99' };
  const { body } = await desk.ask(`POST /v1/orders/${id}/executions`, byHand, 'm1');
  await desk.second(`POST /v1/approvals/${desk.approvalId(body)}/approve`);
  const correction = { replaces_execution_id: 'E1', execution_id: 'E2', qty: '3', price: '98' };
  await desk.report(id, { report: 'correct', ...correction });
  await desk.report(id, { report: 'execute', execution_id: 'E1', qty: '5', price: '98' });
  await cell.ask(cell.key('first'), `DELETE /v2/orders/${replacementId}`);
  await desk.report(id, { report: 'confirm-cancel' });
  return id;
}

export async function evidenceText(cell: TestCell, orderId: string): Promise<string> {
  const answer = await cell.ask(cell.key('administrator'), `GET /v1/orders/${orderId}/evidence`);
  return JSON.stringify(answer.body);
}

/** A value like this one, and another one. */
export function other(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? `${value}0` : 'something';
}

/** Where every value is that has no members of its own. */
export function leavesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]));
}

export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce((inner: unknown, name) => Reflect.get(Object(inner), name), value);
}

/** A copy with one value replaced. */
export function altered<Value>(value: Value, path: readonly string[], replacement: unknown): Value {
  const copy = structuredClone(value);
  Reflect.set(Object(at(copy, path.slice(0, -1))), path.at(-1) ?? '', replacement);
  return copy;
}

export type Change = (commit: Record<string, unknown>) => void;

/** A forger who knows the format: changes commits, and makes hashes, chains, manifest and digest fit. */
export function forged(file: EvidenceFile, changes: Readonly<Record<string, Change>>): EvidenceFile {
  const copy = structuredClone(file);
  for (const { stream, extent, commits } of copy.streams) {
    let previousHash: string | undefined;
    for (const commit of commits) {
      const said: Record<string, unknown> = JSON.parse(commit.text);
      changes[`${stream} version ${commit.version}`]?.(said);
      if (extent !== 'part' && previousHash !== undefined) said['previousHash'] = previousHash;
      commit.text = canonicalJson(said);
      commit.hash = sha256(commit.text);
      previousHash = commit.hash;
    }
  }
  return resealed(copy);
}

/** The manifest as it would have been exported with this content. */
export function resealed({ manifest: _old, ...content }: EvidenceFile): EvidenceFile {
  const manifest = {
    streams: content.streams.map(({ stream, commits }) => ({
      stream,
      commits: commits.length,
      version: commits.at(-1)?.version ?? 0,
      hash: commits.at(-1)?.hash ?? '',
    })),
    commits: content.streams.reduce((sum, { commits }) => sum + commits.length, 0),
    configs: content.configs.map(({ version }) => version),
    actors: content.actors.length,
    members: Object.fromEntries(
      Object.entries(content).map(([name, member]) => [name, sha256(canonicalJson(member))]),
    ),
  };
  const digest = sha256(canonicalJson({ ...content, manifest }));
  return { ...content, manifest: { ...manifest, digest } };
}
