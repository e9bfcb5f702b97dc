import * as z from 'zod';
import { commitName, type Finding, found, nothing } from './finding.ts';
import { type Said, saidByBook } from './book.ts';
import { kindOf, type LoggedCommit, type LoggedEvent, type Log } from './log.ts';

const position = z.strictObject({ stream: z.string(), version: z.int(), index: z.int() });
const positioned = z.looseObject({ position: position.optional() });
const reported = z.looseObject({
  report: z.looseObject({ report: z.string() }),
  dispute: z.looseObject({}).optional(),
});

type Position = z.infer<typeof position>;

/** What an order can make of each report. Any of them can also turn out to make no sense, and be disputed. */
const made: Readonly<Record<string, readonly string[]>> = {
  accept: ['OrderAccepted'],
  reject: ['OrderRejected'],
  execute: ['OrderExecuted'],
  'confirm-cancel': ['OrderCanceled', 'CancelRejected'],
  cancel: ['OrderCanceled', 'CancelRejected'],
  'reject-cancel': ['CancelRejected', 'ReportNoted'],
  'confirm-replace': ['OrderReplaced'],
  'reject-replace': ['ReplaceRejected', 'ReportNoted'],
  restate: ['OrderRestated'],
  expire: ['OrderExpired'],
  'done-for-day': ['OrderDoneForDay'],
  resume: ['SessionResumed'],
  trigger: ['OrderTriggered'],
  stop: ['OrderStopped'],
  suspend: ['OrderSuspended'],
  calculate: ['OrderCalculated'],
  bust: ['ExecutionBusted'],
  correct: ['ExecutionCorrected'],
};

/** What is said in a report has to be said the same way in what the order made of it. */
const carried: Readonly<Record<string, readonly string[]>> = {
  OrderAccepted: ['venueOrderId'],
  OrderRejected: ['text'],
  OrderExecuted: ['executionId', 'lastQuantity', 'lastPrice', 'liquidity'],
  ExecutionCorrected: ['executionId', 'replacesExecutionId', 'lastQuantity', 'lastPrice'],
  ExecutionBusted: ['executionId'],
  OrderExpired: ['reason'],
  OrderStopped: ['stoppedQuantity', 'stoppedPrice'],
};

/** Every position the order applied points to a report that is there and says so, each once, in their order, none left out. */
export function checkApplied(log: Log, order: readonly LoggedCommit[]): readonly Finding[] {
  const last = new Map<string, Position>();
  return order.flatMap(({ stream, version, events }) =>
    events.flatMap((event) => {
      const at = positionOf(event);
      if (!at) return nothing;
      const name = commitName(stream, version);
      const before = last.get(at.stream);
      last.set(at.stream, at);
      return [...checkOrder(name, at, before), ...checkReport(log, name, event, at)];
    }),
  );
}

export function positionOf({ data }: LoggedEvent): Position | undefined {
  const read = positioned.safeParse(data);
  return read.success ? read.data.position : undefined;
}

function checkOrder(name: string, at: Position, before: Position | undefined): readonly Finding[] {
  const expected = (before?.version ?? 0) + 1;
  // A venue's stream is about this order alone, so each version must be applied; any other is about many.
  const isNext = kindOf(at.stream) === 'venue' ? at.version === expected : isAfter(at, before);
  return isNext ? nothing : found(name, `it applies ${commitName(at.stream, at.version)} out of turn`);
}

function isAfter(at: Position, before: Position | undefined): boolean {
  if (!before) return true;
  return at.version > before.version || (at.version === before.version && at.index > before.index);
}

function checkReport(log: Log, name: string, event: LoggedEvent, at: Position): readonly Finding[] {
  const pointed = commitName(at.stream, at.version);
  const commit = log.streams.get(at.stream)?.find(({ version }) => version === at.version);
  if (!commit) return found(name, `${event.type} points to ${pointed}, which is missing`);
  const orderId = name.slice('order-'.length, name.indexOf(' '));
  const said =
    kindOf(at.stream) === 'book' ? saidByBook(commit, at.index, orderId) : saidByVenue(commit, at.index);
  if (!said)
    return found(name, `${event.type} points to ${pointed}, ${at.index}, which reports nothing of it`);
  return checkMade(name, pointed, event, said);
}

function saidByVenue({ events }: LoggedCommit, index: number): Said | undefined {
  return reported.safeParse(events[index]?.data).data;
}

function checkMade(name: string, pointed: string, event: LoggedEvent, said: Said): readonly Finding[] {
  const { report } = said.report;
  if (event.type === 'ReportDisputed') return nothing;
  if (said.dispute !== undefined) return found(name, `${event.type} applies ${pointed}, which is disputed`);
  if (!(made[report] ?? []).includes(event.type))
    return found(name, `${event.type} cannot come of ${pointed}, which reports ${report}`);
  return (carried[event.type] ?? [])
    .filter((member) => event.data[member] !== said.report[member])
    .flatMap((member) => {
      const [ours, theirs] = [String(event.data[member]), String(said.report[member])];
      return found(name, `${event.type} says ${member} ${ours}, ${pointed} says ${theirs}`);
    });
}

/** Reports that were recorded and not applied yet: no fault, and worth saying. */
export function unapplied(log: Log, order: readonly LoggedCommit[]): readonly string[] {
  const applied = new Set(
    order.flatMap(({ events }) =>
      events.map(positionOf).flatMap((at) => (at ? [commitName(at.stream, at.version)] : [])),
    ),
  );
  return [...log.streams]
    .filter(([stream]) => kindOf(stream) === 'venue')
    .flatMap(([stream, commits]) => commits.map(({ version }) => commitName(stream, version)))
    .filter((name) => !applied.has(name));
}
