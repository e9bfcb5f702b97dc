import type { EventStore } from '../../platform/event-store/port.ts';

/** The process is killed when it is about to write to a stream of this kind: nothing of that write arrives, and nothing after it. */
export function dyingAt(kind: string, store: EventStore): EventStore {
  let isDead = false;
  const alive = <Value>(value: Value): Value => {
    if (isDead) throw new Error('killed');
    return value;
  };
  return {
    append: async (...call) => {
      isDead ||= call[0][0].stream.startsWith(`${kind}-`);
      return alive(store).append(...call);
    },
    read: async (...call) => alive(store).read(...call),
    readOne: async (...call) => alive(store).readOne(...call),
    readTail: async (...call) => alive(store).readTail(...call),
    readItem: async (...call) => alive(store).readItem(...call),
    readItems: async (...call) => alive(store).readItems(...call),
    heads: (...call) => alive(store).heads(...call),
    close: () => store.close(),
  };
}
