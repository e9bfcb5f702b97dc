import type { Decider, DomainEvent, Effects } from '../../domain/decider.ts';
import type { Item, ItemKey } from '../../domain/account/items.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Commit, StoredEvent } from '../event-store/port.ts';

/** What reading a stream takes: how its events become a state. */
export interface Foldable<State, Event extends DomainEvent>
  extends Pick<Decider<never, State, Event>, 'initial' | 'evolve'> {
  /** Prefix of its streams: `order`, `account`, `transfer` ... */
  readonly kind: string;
  /** Names the fold and the shape of its state; a snapshot with another fingerprint is never trusted. */
  readonly fingerprint: string;
  /** Checks a stored event and turns an old schema into today's. Throws `CorruptCommit`. */
  upcast(stored: StoredEvent): Event;
}

/** A decider with what storing it needs. One per kind of stream. */
export interface Aggregate<Command, State, Event extends DomainEvent>
  extends Decider<Command, State, Event>,
    Foldable<State, Event> {
  /** What changes beside the stream in the same transaction; `at` is the time of its commit. Pure. Absent: nothing ever does. */
  effects?(command: Command, before: State, events: readonly Event[], at: Timestamp): Effects<Event>;
  /** The command, informed by items whose conditions refused the write (undefined: it does not exist). Decided again after. */
  observe?(
    command: Command,
    refusals: readonly { readonly key: ItemKey; readonly item: Item | undefined }[],
  ): Command;
  /** The command, informed that a stream it wanted to begin has begun already with `commit`. Decided again after. */
  taken?(command: Command, commit: Commit): Command;
  /** For commands that the state alone cannot decide, because it is bounded and they name something older. */
  readonly history?: {
    /** Then the whole stream is read before each decision, and the decision is made at exactly its version. */
    isNeeded(command: Command): boolean;
    /** The command, informed of every event of the stream so far, oldest first. */
    given(command: Command, events: readonly Event[]): Command;
  };
}
