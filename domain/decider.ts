import type { ItemChange } from './account/items.ts';
import type { Timestamp } from './values/time.ts';

/** Something that happened. Past tense; `schema` counts the shapes `data` has had. */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly schema: number;
  readonly data: Data;
}

/** `decide` holds every rule and returns what happens (nothing, when the command is already in effect); `evolve` applies and asserts. */
export interface Decider<Command, State, Event> {
  readonly initial: State;
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event, at: Timestamp): State;
}

/** Another stream that must begin in the same transaction: an alias, or a key that may be used once for ever. */
export interface Beginning<Event> {
  readonly stream: string;
  readonly events: readonly [Event, ...Event[]];
}

/** What a decision changes beside its own stream, in the same write. */
export interface Effects<Event> {
  readonly changes: readonly ItemChange[];
  readonly beginnings: readonly Beginning<Event>[];
}
