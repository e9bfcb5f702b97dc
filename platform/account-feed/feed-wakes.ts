import type { FeedReader } from './port.ts';

/** Wakes whoever follows the feed of an account. One listener of the feeds for all of them, so that one more costs the others nothing. */
export class FeedWakes {
  readonly #byAccount = new Map<string, Set<FeedWake>>();
  readonly stop: () => void;

  constructor(feed: Pick<FeedReader, 'onEntries'>) {
    const isFollowed = () => this.#byAccount.size > 0;
    this.stop = feed.onEntries((accountIds) => this.#wake(accountIds), isFollowed);
  }

  add(accountId: string): FeedWake {
    const wakes = this.#byAccount.get(accountId) ?? new Set();
    this.#byAccount.set(accountId, wakes);
    const wake: FeedWake = new FeedWake(() => {
      wakes.delete(wake);
      if (wakes.size === 0) this.#byAccount.delete(accountId);
    });
    wakes.add(wake);
    return wake;
  }

  #wake(accountIds: readonly string[]): void {
    for (const accountId of accountIds) {
      for (const wake of this.#byAccount.get(accountId) ?? []) wake.wake();
    }
  }
}

/** Remembers that there is something new, so that what comes between reading and waiting is not missed. */
export class FeedWake {
  readonly remove: () => void;
  #isDue = false;
  #hurry: () => void = () => undefined;

  constructor(remove: () => void) {
    this.remove = remove;
  }

  wake(): void {
    this.#isDue = true;
    this.#hurry();
  }

  /** Resolves when there is something new since it last resolved, after `milliseconds`, or when the signal says so. */
  async next(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#isDue && !signal.aborted) await this.#pause(milliseconds, signal);
    this.#isDue = false;
  }

  async #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#hurry = resolve;
    const timer = setTimeout(resolve, milliseconds);
    const over = () => resolve();
    signal.addEventListener('abort', over, { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      this.#hurry = () => undefined;
    }
  }
}
