import { isDamage } from '../event-store/errors.ts';
import { StreamQuarantined } from './errors.ts';

/**
 * Streams on which something impossible happened. In memory only: another process, or this one after a restart, runs
 * into the same failure and comes to the same answer.
 */
export class Quarantine {
  readonly #causes = new Map<string, Error>();
  readonly #streamsMax: number;
  readonly #onQuarantine: (stream: string, error: Error) => void;

  constructor(streamsMax: number, onQuarantine: (stream: string, error: Error) => void) {
    this.#streamsMax = streamsMax;
    this.#onQuarantine = onQuarantine;
  }

  get streams(): readonly string[] {
    return [...this.#causes.keys()];
  }

  /** Throws `StreamQuarantined` for a stream that is in it. */
  check(stream: string): void {
    const cause = this.#causes.get(stream);
    if (cause) throw new StreamQuarantined(stream, cause);
  }

  /** Takes the stream in when `error` shows that its state or its log is wrong; other failures leave it alone. */
  consider(stream: string, error: unknown): void {
    if (!isDamage(error) || this.#causes.has(stream)) return;
    for (const oldest of this.#causes.keys()) {
      if (this.#causes.size < this.#streamsMax) break;
      this.#causes.delete(oldest);
    }
    this.#causes.set(stream, error);
    this.#onQuarantine(stream, error);
  }

  release(stream: string): boolean {
    return this.#causes.delete(stream);
  }
}
