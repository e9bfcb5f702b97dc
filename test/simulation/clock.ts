import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import type { Scheduler } from './scheduler.ts';

/** When every simulated world begins: 2026-01-05T00:00:00Z. */
export const epochMicros = 1_767_571_200_000_000;

/** One machine's clock: deadlines follow virtual time, the wall clock is off by `skewMs` and may be set at any time. */
export class MachineClock implements Clock {
  skewMs = 0;
  readonly #scheduler: Scheduler;
  readonly #owner: string;

  constructor(scheduler: Scheduler, owner: string) {
    this.#scheduler = scheduler;
    this.#owner = owner;
  }

  now(): Timestamp {
    return timestamp(epochMicros + Math.round((this.#scheduler.nowMs + this.skewMs) * 1_000));
  }

  monotonicMs(): number {
    return this.#scheduler.nowMs;
  }

  async sleep(milliseconds: number): Promise<void> {
    await this.#scheduler.pause(this.#owner, 'sleeps', milliseconds);
  }
}
