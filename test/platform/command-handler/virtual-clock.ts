import { type Timestamp, timestamp } from '../../../domain/values/time.ts';
import type { Clock } from '../../../platform/clock/clock.ts';

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/** Time passes only while everybody sleeps: once no microtask is left, it jumps to whoever wakes first. */
export class VirtualClock implements Clock {
  /** Added to the wall clock only, as when it is set. */
  wallOffsetMs = 0;
  #elapsedMs = 0;
  #sleepers: Sleeper[] = [];

  now(): Timestamp {
    return timestamp(1_700_000_000_000_000 + Math.floor((this.#elapsedMs + this.wallOffsetMs) * 1000));
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  advance(milliseconds: number): void {
    this.#elapsedMs += milliseconds;
  }

  async sleep(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#sleepers.push({ wakesAt: this.#elapsedMs + milliseconds, wake: resolve });
    if (this.#sleepers.length === 1) setImmediate(() => this.#wakeNext());
    await promise;
  }

  #wakeNext(): void {
    const [next, ...others] = this.#sleepers.toSorted((one, other) => one.wakesAt - other.wakesAt);
    if (!next) return;
    this.#sleepers = others;
    this.#elapsedMs = Math.max(this.#elapsedMs, next.wakesAt);
    if (others.length > 0) setImmediate(() => this.#wakeNext());
    next.wake();
  }
}
