import { accountStream } from '../../domain/account/state.ts';
import { approvalStream } from '../../domain/approval/state.ts';
import { killSwitchStream } from '../../domain/kill-switch/state.ts';
import { orderStream } from '../../domain/order/effects.ts';
import type { VenuePosition } from '../../domain/order/events.ts';
import type { VenueReported } from '../../domain/venue-report/events.ts';
import { venueKind } from '../../domain/venue-report/state.ts';
import { accountFold } from '../aggregates/account-fold.ts';
import { config } from '../aggregates/config.ts';
import { killSwitch } from '../aggregates/kill-switch.ts';
import { orderFold } from '../aggregates/order-fold.ts';
import { venueReport } from '../aggregates/venue-report.ts';
import type { Commit } from '../event-store/port.ts';
import { readDecidedUnder } from '../hot-config/decided-under.ts';
import { executionStreamsOf } from '../reporting/execution-streams.ts';
import { type ConfigArchive, configPointers } from './configs.ts';

/**
 * A stream that a commit points to: all of it, its beginning `through` a version, or only one `version` of a stream that is about much
 * else besides.
 */
export interface Pointer {
  readonly stream: string;
  readonly through?: number;
  readonly version?: number;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Everything outside its own stream that a commit rests on. */
export function pointersOf(commit: Commit, archive: ConfigArchive): readonly Pointer[] {
  return [...ofStream(commit), ...ofSwitches(commit), ...configPointers(commit, archive)];
}

function ofStream(commit: Commit): readonly Pointer[] {
  const kind = commit.stream.slice(0, commit.stream.indexOf('-'));
  if (kind === orderFold.kind) return ofOrder(commit);
  if (kind === venueKind) return ofReport(commit);
  if (kind === accountFold.kind) return ofAccount(commit);
  if (kind === config.kind) return ofConfig(commit);
  return kind === killSwitch.kind ? ofRelease(commit) : [];
}

/** Widening a limit takes a second person. */
function ofConfig(commit: Commit): readonly Pointer[] {
  return commit.events.flatMap((stored) => {
    const event = config.upcast(stored);
    return event.type === 'ConfigChanged' && event.data.approvalId !== undefined
      ? [{ stream: approvalStream(event.data.approvalId) }]
      : [];
  });
}

/** The switches in force are named by how far their stream had got. */
function ofSwitches({ cell, config: decidedUnder = '' }: Commit): readonly Pointer[] {
  const { killSwitches } = readDecidedUnder(decidedUnder);
  return killSwitches === undefined ? [] : [{ stream: killSwitchStream(cell), through: killSwitches }];
}

function ofRelease(commit: Commit): readonly Pointer[] {
  return commit.events.flatMap((stored) => {
    const event = killSwitch.upcast(stored);
    return event.type === 'KillSwitchReleased' ? [{ stream: approvalStream(event.data.approvalId) }] : [];
  });
}

function ofOrder(commit: Commit): readonly Pointer[] {
  return commit.events.flatMap((stored): readonly Pointer[] => {
    const event = orderFold.upcast(stored);
    const pointers: Pointer[] = [];
    if (event.type === 'ReplaceRequested') pointers.push({ stream: orderStream(event.data.replacementId) });
    if (event.type === 'OrderPlaced' || event.type === 'OrderDenied')
      pointers.push({ stream: accountStream(event.data.accountId) });
    if ('position' in event.data && event.data.position) pointers.push(ofPosition(event.data.position));
    return pointers;
  });
}

/** A venue's stream is about one order. Any other, as a book, is about many: only what is pointed to belongs here. */
function ofPosition({ stream, version }: VenuePosition): Pointer {
  return stream.startsWith(`${venueKind}-`) ? { stream } : { stream, version };
}

function ofReport(commit: Commit): readonly Pointer[] {
  return [
    ...commit.events.flatMap((stored) => {
      const event = venueReport.upcast(stored);
      return event.type === 'VenueReported' ? ofExecution(event.data) : [];
    }),
    ...ofApproval(commit),
  ];
}

function ofExecution(reported: VenueReported['data']): readonly Pointer[] {
  const streams = executionStreamsOf(reported);
  if (!streams) return [];
  const { execution, conflict } = streams;
  return [{ stream: execution }, ...(reported.dispute ? [{ stream: conflict }] : [])];
}

/** What was approved is carried out under the approval's id. */
function ofApproval({ commandId = '' }: Commit): readonly Pointer[] {
  return uuid.test(commandId) ? [{ stream: approvalStream(commandId) }] : [];
}

function ofAccount(commit: Commit): readonly Pointer[] {
  return commit.events.flatMap((stored) => {
    const event = accountFold.upcast(stored);
    return event.type === 'HaltLifted' && event.data.approvalId !== undefined
      ? [{ stream: approvalStream(event.data.approvalId) }]
      : [];
  });
}
