import { timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../../platform/clock/clock.ts';

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/** Time that stands still until the test moves it. `sleeps` counts how often somebody began to wait. */
export class StepClock implements Clock {
  #nowMs: number;
  sleeps = 0;
  #sleepers: Sleeper[] = [];

  /** `beginMs`: as a real clock has it, where what is tested gives deadlines to parts that go by that one. */
  constructor(beginMs = 0) {
    this.#nowMs = Math.ceil(beginMs);
  }

  now() {
    return timestamp(this.#nowMs * 1000);
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(milliseconds: number): Promise<void> {
    this.sleeps += 1;
    return new Promise((wake) => this.#sleepers.push({ untilMs: this.#nowMs + milliseconds, wake }));
  }

  advance(milliseconds: number): void {
    this.#nowMs += milliseconds;
    const [due, waiting] = [true, false].map((isDue) =>
      this.#sleepers.filter(({ untilMs }) => untilMs <= this.#nowMs === isDue),
    );
    this.#sleepers = waiting ?? [];
    for (const { wake } of due ?? []) wake();
  }
}
