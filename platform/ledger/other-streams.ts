import { apiKey } from '../aggregates/api-key.ts';
import { approval } from '../aggregates/approval.ts';
import { venueReport } from '../aggregates/venue-report.ts';
import { hashOf } from '../event-store/codec.ts';
import type { Commit } from '../event-store/port.ts';
import { referencePrice } from '../reference-prices/aggregate.ts';
import { auditConfig } from './config-audit.ts';
import type { Finding } from './finding.ts';
import { type Auditor, auditorOf } from './stream-audit.ts';

const auditVenue = auditorOf(venueReport);

/** Streams that move nothing: their chain and their replay are checked, and what a config is called. */
const others = new Map<string, (stream: string, commits: readonly Commit[]) => readonly Finding[]>([
  ['config', auditConfig],
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
