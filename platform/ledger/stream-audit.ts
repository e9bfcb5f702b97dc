import type { DomainEvent } from '../../domain/decider.ts';
import { account } from '../aggregates/account.ts';
import { apiKey } from '../aggregates/api-key.ts';
import { approval } from '../aggregates/approval.ts';
import { order } from '../aggregates/order.ts';
import { transfer } from '../aggregates/transfer.ts';
import { venueReport } from '../aggregates/venue-report.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { Fold, type Loaded } from '../command-handler/fold.ts';
import { canonicalJson } from '../event-store/canonical-json.ts';
import { hashOf } from '../event-store/codec.ts';
import type { Commit } from '../event-store/port.ts';
import { referencePrice } from '../reference-prices/aggregate.ts';
import type { Finding } from './finding.ts';

export interface Audited<State, Event> {
  readonly state: State;
  /** Each with the commit it is in. */
  readonly events: readonly { readonly event: Event; readonly commit: Commit }[];
  readonly findings: readonly Finding[];
}

type Auditor<State, Event> = (stream: string, commits: readonly Commit[]) => Audited<State, Event>;

/** Replays a stream from version 1 with the domain's own code; what stops it, or a snapshot that says otherwise, is a finding. */
function auditorOf<Command, State, Event extends DomainEvent>(
  aggregate: Aggregate<Command, State, Event>,
): Auditor<State, Event> {
  const fold = new Fold(aggregate);
  return (stream, commits) => {
    const findings: Finding[] = [];
    const events: { event: Event; commit: Commit }[] = [];
    let loaded = fold.start(stream);
    try {
      for (const commit of commits) {
        loaded = fold.next(loaded, commit);
        for (const event of fold.events(commit)) events.push({ event, commit });
        findings.push(...snapshotFindings(fold, loaded, commit));
      }
    } catch (error) {
      const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const what = `version ${loaded.version + 1}`;
      findings.push({ where: stream, what, expected: 'a commit that follows and folds', found });
    }
    return { state: loaded.state, events, findings };
  };
}

function snapshotFindings<Command, State, Event extends DomainEvent>(
  fold: Fold<Command, State, Event>,
  loaded: Loaded<State>,
  { stream, version, snapshot }: Commit,
): readonly Finding[] {
  if (snapshot?.fingerprint !== fold.fingerprint) return [];
  const expected = canonicalJson(fold.snapshot(loaded.state, loaded.keys).state);
  const found = canonicalJson(snapshot.state);
  return expected === found
    ? []
    : [{ where: stream, what: `snapshot of version ${version}`, expected, found }];
}

export const auditOrder = auditorOf(order);
export const auditTransfer = auditorOf(transfer);
export const auditAccount = auditorOf(account);
const auditVenue = auditorOf(venueReport);

/** Streams that move nothing: only their chain and their replay are checked. */
const others = new Map<string, (stream: string, commits: readonly Commit[]) => readonly Finding[]>([
  ['approval', findingsOf(auditorOf(approval))],
  ['key', findingsOf(auditorOf(apiKey))],
  ['venue', findingsOf(auditVenue)],
  ['execution', findingsOf(auditVenue)],
  ['instrument', findingsOf(auditorOf(referencePrice))],
]);

function findingsOf<State, Event>(auditor: Auditor<State, Event>) {
  return (stream: string, commits: readonly Commit[]) => auditor(stream, commits).findings;
}

/** Of a kind this release does not know, only the chain can be checked. */
export function auditOther(stream: string, commits: readonly Commit[]): readonly Finding[] {
  return (others.get(kindOf(stream)) ?? chainFindings)(stream, commits);
}

export function kindOf(stream: string): string {
  return stream.slice(0, Math.max(0, stream.indexOf('-')));
}

function chainFindings(stream: string, commits: readonly Commit[]): readonly Finding[] {
  const findings: Finding[] = [];
  let previousHash: string | undefined;
  for (const [index, commit] of commits.entries()) {
    if (commit.version !== index + 1 || commit.previousHash !== previousHash) {
      const expected = `version ${index + 1} after hash ${previousHash ?? 'none'}`;
      const found = `version ${commit.version} after hash ${commit.previousHash ?? 'none'}`;
      findings.push({ where: stream, what: 'hash chain', expected, found });
    }
    previousHash = hashOf(commit);
  }
  return findings;
}
