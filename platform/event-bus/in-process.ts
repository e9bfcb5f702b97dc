import { storedJson } from '../event-store/stored-text.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit } from '../event-store/port.ts';
import { entryOf } from './entry.ts';
import { busSource } from './names.ts';
import { BusUnavailable, type Published, type Publisher } from './port.ts';

/** An entry as a subscriber is handed it: the members of EventBridge's envelope that we read. */
export interface BusEvent {
  readonly source: string;
  /** The kind of the stream. */
  readonly 'detail-type': string;
  readonly detail: unknown;
}

/** Takes entries of the kinds it asked for. When it throws, the publisher is told, and they come again. */
export type Subscriber = (events: readonly BusEvent[], deadline: Deadline) => Promise<void>;

interface Subscription {
  readonly kinds: readonly string[];
  readonly take: Subscriber;
}

/**
 * A bus inside this process, for tests and simulation. The embedded cell needs none: its consumers are cursors over the log itself.
 * Entries go through JSON, so that nothing arrives that a real bus would not carry.
 */
export class InProcessBus implements Publisher {
  readonly #subscriptions = new Set<Subscription>();

  /** Returns how to stop. */
  subscribe(kinds: readonly string[], take: Subscriber): () => void {
    const subscription = { kinds, take };
    this.#subscriptions.add(subscription);
    return () => this.#subscriptions.delete(subscription);
  }

  async publish(commits: readonly Commit[], deadline: Deadline): Promise<readonly Published[]> {
    const events = commits.map(eventOf);
    const failures = new Map<BusEvent, Error>();
    for (const { kinds, take } of this.#subscriptions) {
      const wanted = events.filter((event) => kinds.includes(event['detail-type']));
      try {
        if (wanted.length > 0) await take(wanted, deadline);
      } catch (cause) {
        const error = new BusUnavailable('a subscriber did not take it', { cause });
        for (const event of wanted) failures.set(event, error);
      }
    }
    return events.map((event) => {
      const error = failures.get(event);
      return error ? { outcome: 'unavailable', error } : { outcome: 'published' };
    });
  }
}

/** What a subscriber of a bus is handed for a commit. */
export function eventOf(commit: Commit): BusEvent {
  const { kind, detail } = entryOf(commit);
  return { source: busSource, 'detail-type': kind, detail: storedJson(detail, 'an entry of the bus') };
}
