import type { DomainEvent } from '../../domain/decider.ts';
import { accountFold } from '../aggregates/account-fold.ts';
import { orderFold } from '../aggregates/order-fold.ts';
import { transferFold } from '../aggregates/transfer-fold.ts';
import type { Foldable } from '../command-handler/aggregate.ts';
import { Fold, type Loaded } from '../command-handler/fold.ts';
import { canonicalJson } from '../event-store/canonical-json.ts';
import type { Commit } from '../event-store/port.ts';
import type { Finding } from './finding.ts';

export interface Audited<State, Event> {
  readonly state: State;
  /** Each with the commit it is in. */
  readonly events: readonly { readonly event: Event; readonly commit: Commit }[];
  readonly findings: readonly Finding[];
}

export type Auditor<State, Event> = (stream: string, commits: readonly Commit[]) => Audited<State, Event>;

/** Replays a stream from version 1 with the domain's own code; what stops it, or a snapshot that says otherwise, is a finding. */
export function auditorOf<State, Event extends DomainEvent>(
  aggregate: Foldable<State, Event>,
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

function snapshotFindings<State, Event extends DomainEvent>(
  fold: Fold<State, Event>,
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

export const auditOrder = auditorOf(orderFold);
export const auditTransfer = auditorOf(transferFold);
export const auditAccount = auditorOf(accountFold);
