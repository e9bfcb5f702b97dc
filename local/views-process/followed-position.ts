import type { EntryListeners } from '../../platform/account-feed/entry-listeners.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { within } from '../../platform/clock/within.ts';
import { lagOf } from '../../platform/change-feed/lag.ts';
import type { Lag } from '../../platform/telemetry/consumer-metrics.ts';
import { type Deadline, remainingMs } from '../../platform/deadline/deadline.ts';
import { feedStart } from '../../platform/event-store/feed.ts';
import type { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import type { Note, Told } from './messages.ts';

interface Waiter {
  readonly sequence: number;
  readonly resolve: (isInTime: boolean) => void;
}

type Post = (note: Note) => void;

/**
 * How far the views’ process has got, as it last said, and who waits for it. It is told of new commits once, and again only when
 * it has said how far it came and there are more: a message for each would cost more than the views.
 */
export class FollowedPosition {
  readonly #head;
  readonly #store: SqliteEventStore;
  readonly #clock: Clock;
  readonly #listeners: EntryListeners;
  readonly #post: Post;
  readonly #waiters = new Set<Waiter>();
  #position = Number(feedStart);
  #isTold = false;

  constructor(store: SqliteEventStore, clock: Clock, listeners: EntryListeners, post: Post) {
    this.#store = store;
    this.#head = store.database.prepare('SELECT max(sequence) AS head FROM log');
    this.#clock = clock;
    this.#listeners = listeners;
    this.#post = post;
  }

  /** There are new commits. */
  wake(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const isWaitedFor = this.#listeners.areWaiting;
    this.#post({ ask: 'reach', sequence: String(this.#headNow()), isWaitedFor });
  }

  /** A process has begun that knows of nothing. */
  begin(): void {
    this.#isTold = false;
    this.wake();
  }

  moved({ position, accounts }: Extract<Told, { tell: 'position' }>): void {
    this.#position = Number(position);
    this.#isTold = false;
    if (this.#position < this.#headNow()) this.wake();
    for (const waiter of this.#waiters) {
      if (waiter.sequence > this.#position) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(true);
    }
    this.#listeners.tell(accounts);
  }

  lag(): Promise<Lag> {
    const [head, position] = [String(this.#headNow()), String(this.#position)];
    return lagOf({ feed: this.#store, head, position, clock: this.#clock });
  }

  /** Whether everything that is durable now was in the views by the deadline. */
  async caughtUp(deadline: Deadline): Promise<boolean> {
    const sequence = this.#headNow();
    if (this.#position >= sequence) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { sequence, resolve };
    this.#waiters.add(waiter);
    this.#post({ ask: 'reach', sequence: String(sequence), isWaitedFor: true });
    const clock = this.#clock;
    const isInTime = await within(promise, remainingMs(deadline, clock), { clock, otherwise: false });
    this.#waiters.delete(waiter);
    return isInTime;
  }

  end(): void {
    for (const { resolve } of this.#waiters) resolve(false);
    this.#waiters.clear();
  }

  #headNow(): number {
    return Number(this.#head.get()?.['head'] ?? feedStart);
  }
}
