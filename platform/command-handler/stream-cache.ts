/**
 * The streams this process folded last, by name. Bounded: the one not used for longest goes first. An entry may be behind the
 * log at any time, never beside it: whoever decides on one learns what it missed from the conflict.
 */
export class StreamCache<Entry extends { readonly version: number }> {
  readonly #entries = new Map<string, Entry>();
  readonly #entriesMax: number;

  constructor(entriesMax = 10_000) {
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(stream: string): Entry | undefined {
    const entry = this.#entries.get(stream);
    if (!entry) return undefined;
    this.#entries.delete(stream);
    this.#entries.set(stream, entry);
    return entry;
  }

  /** Keeps the newer of the two when a concurrent command was faster. */
  put(stream: string, entry: Entry): void {
    if (this.#entriesMax === 0) return;
    const known = this.#entries.get(stream);
    this.#entries.delete(stream);
    this.#entries.set(stream, known && known.version > entry.version ? known : entry);
    if (this.#entries.size <= this.#entriesMax) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  delete(stream: string): void {
    this.#entries.delete(stream);
  }
}
