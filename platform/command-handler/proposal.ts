import type { Beginning, DomainEvent } from '../../domain/decider.ts';
import { assert } from '../../domain/values/assert.ts';
import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import { hashOf } from '../event-store/codec.ts';
import type { Commit, StoredEvent } from '../event-store/port.ts';
import type { CommandContext } from './context.ts';
import type { Loaded } from './fold.ts';

/** A commit while it is being put together. */
export type Draft = { -readonly [Attribute in keyof Commit]: Commit[Attribute] };

/** What all commits of one command share. */
type Origin = Pick<Draft, 'at' | 'actor' | 'correlationId' | 'traceparent' | 'config' | 'cell' | 'epoch'>;

/** The ownership a stream starts under when nobody says otherwise. */
const firstEpoch = 1;

/** Who, why and when: `receivedAt` unless the wall clock is behind the commit this one follows. */
export function originOf(
  context: CommandContext,
  last: Commit | undefined,
  receivedAt: Timestamp,
  cell: string,
): Origin {
  const origin: Origin = {
    at: last ? timestamp(Math.max(receivedAt, last.at)) : receivedAt,
    actor: context.actor,
    cell,
    epoch: context.epoch ?? last?.epoch ?? firstEpoch,
  };
  if (context.correlationId !== undefined) origin.correlationId = context.correlationId;
  if (context.traceparent !== undefined) origin.traceparent = context.traceparent;
  if (context.config !== undefined) origin.config = context.config;
  return origin;
}

/** The next commit of a stream, without a snapshot. */
export function following(
  loaded: Loaded<unknown>,
  events: readonly DomainEvent[],
  origin: Origin,
  context: CommandContext,
): Omit<Draft, 'commitId'> {
  const { stream, version, last } = loaded;
  const draft: Omit<Draft, 'commitId'> = {
    ...origin,
    stream,
    version: version + 1,
    events: storable(events),
  };
  if (context.key) {
    draft.commandId = context.key.commandId;
    draft.requestHash = context.key.requestHash;
  }
  if (context.causationId !== undefined) draft.causationId = context.causationId;
  if (last) draft.previousHash = hashOf(last);
  return draft;
}

/** The first commit of a stream that begins in the same write. It carries no key: that stands for the command, which is `cause`. */
export function beginning(
  { stream, events }: Beginning<DomainEvent>,
  commitId: string,
  origin: Origin,
  cause: Commit,
): Commit {
  return { ...origin, stream, version: 1, events: storable(events), commitId, causationId: cause.commitId };
}

function storable(events: readonly DomainEvent[]): Commit['events'] {
  assert(events.every(isStorable), 'an event without an object for its data cannot be stored');
  const [first, ...rest] = events;
  assert(first !== undefined, 'a commit has at least one event');
  return [first, ...rest];
}

function isStorable(event: DomainEvent): event is DomainEvent & StoredEvent {
  return typeof event.data === 'object' && event.data !== null && !Array.isArray(event.data);
}
