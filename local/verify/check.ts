import { checkActors } from './actors.ts';
import { checkApplied, unapplied } from './applied.ts';
import { checkConfigs } from './configs.ts';
import { type EvidenceFile, readEvidence } from './evidence-file.ts';
import { commitName, type Finding, found, nothing } from './finding.ts';
import { type Log, type LoggedCommit, readLog } from './log.ts';
import { checkManifest } from './manifest.ts';
import { checkTotals, foldNaively, type Totals } from './naive-fold.ts';
import { checkReferences } from './references.ts';
import { type Placed, placedSchema } from './units.ts';

/** What is known of a file that could be read. */
export interface Checked {
  readonly file: EvidenceFile;
  readonly log: Log;
  readonly order: readonly LoggedCommit[];
  /** Absent: the order was denied. */
  readonly placed?: Placed;
  readonly totals?: Totals;
  readonly unapplied: readonly string[];
}

export interface Verification {
  readonly findings: readonly Finding[];
  readonly checked?: Checked;
}

/** Everything that can be known of an evidence file without the cell it came from. Never throws for what is in the file. */
export function verify(text: string): Verification {
  const read = readEvidence(text);
  if ('findings' in read) return read;
  const { file } = read;
  const log = readLog(file);
  const order = log.streams.get(`order-${file.order.order_id}`) ?? [];
  const own = checkOrder(file, order);
  const checked = { file, log, order, unapplied: unapplied(log, order), ...own.known };
  const findings = [
    ...log.findings,
    ...own.findings,
    ...checkApplied(log, order),
    ...checkReferences(file, log, order),
    ...checkConfigs(file, log),
    ...checkActors(file, log),
    ...checkEpochs(order),
    ...checkManifest(file),
  ];
  return { findings, checked };
}

interface Own {
  readonly findings: readonly Finding[];
  readonly known?: { readonly placed: Placed; readonly totals: Totals };
}

function checkOrder(file: EvidenceFile, order: readonly LoggedCommit[]): Own {
  const stream = `order-${file.order.order_id}`;
  const first = order[0]?.events[0];
  if (!first) return { findings: found(stream, "the order's own stream is missing") };
  const { type, data } = first;
  const named = [data['orderId'], data['accountId']];
  const findings =
    named[0] === file.order.order_id && named[1] === file.order.account_id
      ? nothing
      : found(commitName(stream, 1), `it is order ${String(named[0])} of account ${String(named[1])}`);
  if (type !== 'OrderPlaced') return { findings };
  const placed = placedSchema.safeParse(data);
  if (!placed.success) return { findings: found(commitName(stream, 1), 'what it placed cannot be read') };
  const { totals, findings: sums } = foldNaively(placed.data, order);
  return {
    findings: [...findings, ...sums, ...checkTotals(file, totals)],
    known: { placed: placed.data, totals },
  };
}

/** One order is written by one cell under one ownership; a move would be a stream of its own. */
function checkEpochs(order: readonly LoggedCommit[]): readonly Finding[] {
  const [first] = order;
  const other = order.find(({ cell, epoch }) => cell !== first?.cell || epoch < first.epoch);
  return other
    ? found(commitName(other.stream, other.version), 'it is of another cell, or an earlier epoch')
    : nothing;
}
