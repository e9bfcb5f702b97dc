import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import { type Clock, systemClock } from '../../platform/clock/clock.ts';

/** Wall-clock time as the test says it; every look moves it by a microsecond, so that no two commits share one. Waiting is real. */
export class SettableClock implements Clock {
  #now: number;

  constructor(text: string) {
    this.#now = Date.parse(text) * 1000;
  }

  set(text: string): void {
    this.#now = Date.parse(text) * 1000;
  }

  now(): Timestamp {
    this.#now += 1;
    return timestamp(this.#now);
  }

  monotonicMs(): number {
    return systemClock.monotonicMs();
  }

  sleep(milliseconds: number, cutShort?: AbortSignal): Promise<void> {
    return systemClock.sleep(milliseconds, cutShort);
  }
}
