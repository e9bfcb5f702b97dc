/** Whether a person or a program is waiting for new entries at this moment. */
export type IsWaitedFor = () => boolean;

/** Who wants to know of new entries in this process. */
export class EntryListeners {
  readonly #listeners = new Map<(accountIds: readonly string[]) => void, IsWaitedFor>();

  /** Returns how to stop. */
  add(listener: (accountIds: readonly string[]) => void, isWaitedFor: IsWaitedFor = () => false): () => void {
    this.#listeners.set(listener, isWaitedFor);
    return () => this.#listeners.delete(listener);
  }

  /** Somebody would see it if the next entries came later than they could. */
  get areWaiting(): boolean {
    for (const isWaitedFor of this.#listeners.values()) if (isWaitedFor()) return true;
    return false;
  }

  tell(accountIds: readonly string[]): void {
    if (accountIds.length === 0) return;
    for (const listener of this.#listeners.keys()) listener(accountIds);
  }
}
