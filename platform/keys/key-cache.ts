import type { ApiKey } from '../../domain/api-key/state.ts';
import type { Clock } from '../clock/clock.ts';

/** With the cell that issued it. */
export type IssuedKey = ApiKey & { readonly cell: string };

interface Entry {
  readonly key: IssuedKey | undefined;
  /** On the monotonic clock, before the key was read. */
  readonly readAtMs: number;
}

/**
 * Keys as they were read lately; undefined stands for an id that is none, or no more. Both kinds are bounded apart, so that
 * guessing ids does not push out the keys in use.
 */
export class KeyCache {
  readonly #known = new Map<string, Entry>();
  readonly #unknown = new Map<string, Entry>();
  readonly #clock: Clock;
  readonly #ageMaxMs: number;
  readonly #entriesMax: number;

  constructor(clock: Clock, ageMaxMs: number, entriesMax: number) {
    this.#clock = clock;
    this.#ageMaxMs = ageMaxMs;
    this.#entriesMax = entriesMax;
  }

  get(keyId: string): Entry | undefined {
    const entry = this.#known.get(keyId) ?? this.#unknown.get(keyId);
    if (!entry) return undefined;
    if (this.#clock.monotonicMs() - entry.readAtMs < this.#ageMaxMs) return entry;
    this.delete(keyId);
    return undefined;
  }

  put(keyId: string, entry: Entry): void {
    this.delete(keyId);
    const entries = entry.key ? this.#known : this.#unknown;
    entries.set(keyId, entry);
    if (entries.size <= this.#entriesMax) return;
    for (const oldest of entries.keys()) {
      entries.delete(oldest);
      return;
    }
  }

  delete(keyId: string): void {
    this.#known.delete(keyId);
    this.#unknown.delete(keyId);
  }

  get size(): number {
    return this.#known.size + this.#unknown.size;
  }
}
