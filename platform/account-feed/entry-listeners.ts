/** Who wants to know of new entries in this process. */
export class EntryListeners {
  readonly #listeners = new Set<(accountIds: readonly string[]) => void>();

  /** Returns how to stop. */
  add(listener: (accountIds: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(accountIds: readonly string[]): void {
    if (accountIds.length === 0) return;
    for (const listener of this.#listeners) listener(accountIds);
  }
}
