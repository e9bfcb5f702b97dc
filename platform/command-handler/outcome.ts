import type { Commit } from '../event-store/port.ts';

/**
 * What became of a command.
 * - `committed`: decided now; `commit` holds the events (a refusal is an event too).
 * - `replayed`: the same key and request were decided before; `commit` and `state` are those of then, not today's.
 * - `key-reused`: the key was used for another request; nothing was decided.
 * - `unchanged`: already in effect, no event.
 */
export type Outcome<State, Event> =
  | {
      readonly outcome: 'committed' | 'replayed';
      readonly commit: Commit;
      readonly events: readonly Event[];
      readonly state: State;
    }
  | { readonly outcome: 'key-reused'; readonly commit: Commit; readonly state: State }
  | { readonly outcome: 'unchanged'; readonly state: State; readonly version: number };
