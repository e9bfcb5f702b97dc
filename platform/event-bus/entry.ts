import type { Timestamp } from '../../domain/values/time.ts';
import { assert } from '../../domain/values/assert.ts';
import { kindOf } from '../consumer/port.ts';
import type { Commit } from '../event-store/port.ts';
import { busLimits } from './limits.ts';
import { busSource } from './names.ts';

/**
 * What the bus carries of one commit: enough to filter by, and the commit. Kept by archives and read by outside subscribers, so members
 * may be added, never renamed; see decision 7.
 */
export interface BusDetail {
  readonly schema: 1;
  readonly cell: string;
  readonly stream: string;
  readonly version: number;
  /** The kinds of its events, each once: what rules filter by. */
  readonly types: readonly string[];
  readonly at: Timestamp;
  /** Where the commit itself says them; an execution does not. */
  readonly accountId?: string;
  readonly symbol?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  /** Without its snapshot, which follows from the others. Absent where it is too large for the bus: it is in the log. */
  readonly commit?: Omit<Commit, 'snapshot'>;
}

/** An entry as the bus takes it. */
export interface BusEntry {
  /** The kind of its stream: what our consumers subscribe to. */
  readonly kind: string;
  /** `BusDetail` as JSON. */
  readonly detail: string;
  readonly bytes: number;
}

/** One entry for one commit; only a reference to it where the commit is too large. */
export function entryOf(commit: Commit): BusEntry {
  const whole = sized(commit, detailOf(commit, true));
  if (whole.bytes <= busLimits.entryBytes) return whole;
  const reference = sized(commit, detailOf(commit, false));
  assert(reference.bytes <= busLimits.entryBytes, `${commit.stream} is too large for a reference to it`);
  return reference;
}

function sized({ stream }: Commit, detail: BusDetail): BusEntry {
  const text = JSON.stringify(detail);
  const kind = kindOf(stream);
  const bytes =
    busLimits.envelopeBytes + Buffer.byteLength(text) + Buffer.byteLength(kind) + busSource.length;
  return { kind, detail: text, bytes };
}

function detailOf(commit: Commit, isWhole: boolean): BusDetail {
  const { snapshot: _derived, ...whole } = commit;
  const { cell, stream, version, at, correlationId, causationId, traceparent } = commit;
  return {
    schema: 1,
    cell,
    stream,
    version,
    types: [...new Set(commit.events.map(({ type }) => type))],
    at,
    ...subjectOf(commit),
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
    ...(traceparent !== undefined && { traceparent }),
    ...(isWhole && { commit: whole }),
  };
}

/** What a commit is about, as far as its events say so in the places where all of ours do. */
function subjectOf({ stream, events }: Commit): Pick<BusDetail, 'accountId' | 'symbol'> {
  const accountId = first(events.map(({ data }) => data['accountId'])) ?? accountIn(stream);
  const symbol = first(events.flatMap(({ data }) => [data['symbol'], Object(data['contract']).symbol]));
  return { ...(accountId !== undefined && { accountId }), ...(symbol !== undefined && { symbol }) };
}

function first(values: readonly unknown[]): string | undefined {
  return values.find((value) => typeof value === 'string');
}

function accountIn(stream: string): string | undefined {
  return kindOf(stream) === 'account' ? stream.slice('account-'.length) : undefined;
}
