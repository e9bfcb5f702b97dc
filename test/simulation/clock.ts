import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import type { Scheduler } from './scheduler.ts';

/** When every simulated world begins: 2026-01-05T00:00:00Z. */
export const epochMicros = 1_767_571_200_000_000;

/** How far from virtual time a clock may be set. */
export const setMaxMs = 600;
/** Parts per million. Twice what Linux corrects (`MAXFREQ`), since a world lasts a minute where a machine runs for days. */
export const driftMaxPpm = 1_000;
/** How far a wall clock may be off: what it was set to, and two and a half minutes of the fastest drift. */
export const clockOffMaxMs = 750;

/**
 * One machine's clock. It may run faster or slower than virtual time, for deadlines as for the wall clock; the wall clock is set besides, at any
 * time and in either direction.
 */
export class MachineClock implements Clock {
  readonly #scheduler: Scheduler;
  readonly #owner: string;
  #rate = 1;
  /** Virtual time when the rate last changed, and what this clock had counted by then. */
  #changedMs = 0;
  #countedMs = 0;
  /** The wall clock, beyond what was counted. */
  #skewMs = 0;

  constructor(scheduler: Scheduler, owner: string) {
    this.#scheduler = scheduler;
    this.#owner = owner;
  }

  /** How far the wall clock is ahead of virtual time. */
  get offMs(): number {
    return this.monotonicMs() + this.#skewMs - this.#scheduler.nowMs;
  }

  now(): Timestamp {
    return timestamp(epochMicros + Math.round((this.monotonicMs() + this.#skewMs) * 1_000));
  }

  monotonicMs(): number {
    return this.#countedMs + (this.#scheduler.nowMs - this.#changedMs) * this.#rate;
  }

  async sleep(milliseconds: number): Promise<void> {
    await this.#scheduler.pause(this.#owner, 'sleeps', milliseconds / this.#rate);
  }

  /** Sets the wall clock; it goes on at its rate from there. */
  set(offMs: number): void {
    this.#skewMs += offMs - this.offMs;
  }

  /** From now on it gains so many parts of a million, or loses them. */
  drift(ppm: number): void {
    this.#countedMs = this.monotonicMs();
    this.#changedMs = this.#scheduler.nowMs;
    this.#rate = 1 + ppm / 1_000_000;
  }
}
