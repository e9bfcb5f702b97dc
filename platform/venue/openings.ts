import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../clock/clock.ts';

/**
 * When books may open. An opening auction waits until the orders that queued with us have entered, so that they take part in it, and after
 * a halt again. It waits no longer than this, whoever should have let them in.
 */
export const admissionMaxUs = 2 * 60_000_000;

export class Openings {
  readonly #clock: Clock;
  readonly #since: Timestamp;
  readonly #halted = new Map<string, Timestamp>();
  #admitted: Timestamp | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** All that had queued by that moment has entered. */
  admitted(at: Timestamp): void {
    this.#admitted = at;
  }

  noteHalt(symbol: string): void {
    this.#halted.set(symbol, this.#clock.now());
  }

  /** Whether a book that opens by the calendar at that moment may do so now. */
  mayOpen(symbol: string, opensAt: Timestamp): boolean {
    const from = Math.max(opensAt, this.#halted.get(symbol) ?? 0);
    if (this.#admitted !== undefined && this.#admitted >= from) return true;
    return timestamp(Math.max(from, this.#since)) + admissionMaxUs <= this.#clock.now();
  }
}
