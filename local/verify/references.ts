import * as z from 'zod';
import type { EvidenceFile } from './evidence-file.ts';
import { commitName, type Finding, found, nothing } from './finding.ts';
import { kindOf, type LoggedCommit, type LoggedEvent, type Log } from './log.ts';

const keyed = z.looseObject({
  numbers: z.looseObject({
    orderId: z.string(),
    executionId: z.string(),
    lastQuantity: z.int(),
    lastPrice: z.int(),
  }),
  position: z.looseObject({ stream: z.string(), version: z.int() }),
});
const approvalAsked = z.looseObject({ approvalId: z.string(), requestedBy: z.string(), subject: z.string() });
const lifted = z.looseObject({ approvalId: z.string().optional() });
const aliased = z.looseObject({ orderId: z.string(), accountId: z.string() });
const replaceAsked = z.looseObject({ replacementId: z.string() });
const reported = z.looseObject({ orderId: z.string(), report: z.looseObject({ report: z.string() }) });

/** Everything the order rests on besides reports is there, and says what it has to. */
export function checkReferences(
  file: EvidenceFile,
  log: Log,
  order: readonly LoggedCommit[],
): readonly Finding[] {
  const others = [...log.streams].flatMap(([, commits]) => commits);
  const keys = keysOf(others);
  return [
    ...checkAccount(file, log),
    ...order.flatMap((commit) => commit.events.flatMap((event) => checkAlias(file, log, commit, event))),
    ...others.flatMap((commit) => checkReported(file, { log, keys }, commit)),
    ...others.flatMap((commit) => checkLifted(log, commit)),
  ];
}

function checkAccount({ order }: EvidenceFile, log: Log): readonly Finding[] {
  const stream = `account-${order.account_id}`;
  return log.streams.has(stream) || order.status === 'rejected'
    ? nothing
    : found(stream, 'the account of the order is missing');
}

/** A replace introduces an outside id, whose stream points back. */
function checkAlias(
  { order }: EvidenceFile,
  log: Log,
  { stream, version }: LoggedCommit,
  { type, data }: LoggedEvent,
): readonly Finding[] {
  if (type !== 'ReplaceRequested') return nothing;
  const asked = replaceAsked.safeParse(data);
  const alias = `order-${asked.data?.replacementId ?? 'unnamed'}`;
  const first = log.streams.get(alias)?.[0]?.events[0];
  const back = aliased.safeParse(first?.data);
  if (!back.success)
    return found(commitName(stream, version), `its replacement's stream ${alias} is missing`);
  return back.data.orderId === order.order_id
    ? nothing
    : found(commitName(alias, 1), 'it names another order');
}

type Keyed = z.infer<typeof keyed>;

/** What the execution ids stand for, by the commit that reported them. */
function keysOf(commits: readonly LoggedCommit[]): ReadonlyMap<string, Keyed> {
  const events = commits.flatMap((commit) => commit.events);
  return new Map(
    events.flatMap(({ type, data }) => {
      const read = type === 'ExecutionKeyed' ? keyed.safeParse(data).data : undefined;
      return read ? [[commitName(read.position.stream, read.position.version), read] as const] : [];
    }),
  );
}

function checkReported(
  file: EvidenceFile,
  { log, keys }: { readonly log: Log; readonly keys: ReadonlyMap<string, Keyed> },
  commit: LoggedCommit,
): readonly Finding[] {
  if (kindOf(commit.stream) !== 'venue') return nothing;
  const name = commitName(commit.stream, commit.version);
  return commit.events.flatMap(({ data }) => {
    const read = reported.safeParse(data);
    if (!read.success) return found(name, 'it reports nothing');
    const { orderId, report } = read.data;
    return [
      ...(orderId === file.order.order_id ? nothing : found(name, `it reports on order ${orderId}`)),
      ...checkKeyed(keys, name, report),
      ...checkSecondPerson(log, name, commit, report.report),
    ];
  });
}

/** An execution id begins a stream of its own: there is no other execution with that id and other numbers. */
function checkKeyed(
  keys: ReadonlyMap<string, Keyed>,
  name: string,
  report: z.infer<typeof reported>['report'],
): readonly Finding[] {
  if (report.report !== 'execute' && report.report !== 'correct') return nothing;
  const key = keys.get(name);
  if (!key) return found(name, `the stream of its execution id ${String(report['executionId'])} is missing`);
  const { numbers } = key;
  const differing = (['executionId', 'lastQuantity', 'lastPrice'] as const).filter(
    (member) => numbers[member] !== report[member],
  );
  return differing.flatMap((member) =>
    found(name, `${member} is ${String(report[member])}, its execution stream says ${numbers[member]}`),
  );
}

/** A person alone may not say that money moved. */
function checkSecondPerson(
  log: Log,
  name: string,
  { actor, commandId = '' }: LoggedCommit,
  report: string,
): readonly Finding[] {
  const isPerson = actor.kind === 'operator' || actor.kind === 'risk' || actor.kind === 'desk';
  if (!isPerson || !['execute', 'correct', 'bust'].includes(report)) return nothing;
  return checkApproval(log, name, commandId);
}

function checkLifted(log: Log, { stream, version, events }: LoggedCommit): readonly Finding[] {
  return events.flatMap(({ type, data }) => {
    const isLifted = ['HaltLifted', 'KillSwitchReleased', 'ConfigChanged'].includes(type);
    const approvalId = isLifted ? lifted.safeParse(data).data?.approvalId : undefined;
    return approvalId === undefined ? nothing : checkApproval(log, commitName(stream, version), approvalId);
  });
}

function checkApproval(log: Log, name: string, approvalId: string): readonly Finding[] {
  const stream = `approval-${approvalId}`;
  const events = log.streams.get(stream)?.flatMap((commit) => commit.events) ?? [];
  const asked = approvalAsked.safeParse(events[0]?.data);
  if (!asked.success)
    return found(name, `it takes a second person, and the approval ${approvalId} is missing`);
  const granted = events.find(({ type }) => type === 'ApprovalGranted');
  if (!granted) return found(stream, `${name} rests on it, and it was never granted`);
  return granted.data['by'] === asked.data.requestedBy
    ? found(stream, `${asked.data.requestedBy} granted their own request`)
    : nothing;
}
