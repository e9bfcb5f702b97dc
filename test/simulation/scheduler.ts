import type { Prng } from './prng.ts';

/** Somebody who awaits; `owner` is who stops existing when it crashes. */
export interface Waiting {
  readonly owner: string;
  readonly label: string;
  readonly dueMs: number;
  readonly resume: () => void;
}

/**
 * Virtual time and the one place where it is decided who goes on next. Everything that awaits anything but this must settle
 * within microtasks; then between two steps nothing runs, and the same seed gives the same order of all steps.
 */
export class Scheduler {
  readonly #prng: Prng;
  readonly #waiting: Waiting[] = [];
  readonly #gone = new Set<string>();
  #nowMs = 0;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  async pause(owner: string, label: string, milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    // Whole milliseconds, so that many are due at once and chance decides among them.
    const dueMs = this.#nowMs + Math.max(0, Math.ceil(milliseconds));
    if (!this.#gone.has(owner)) this.#waiting.push({ owner, label, dueMs, resume: resolve });
    await promise;
  }

  /** Who goes on next: any of those that are due; when none is, time passes. */
  next(): Waiting | undefined {
    let earliest = Infinity;
    for (const { dueMs } of this.#waiting) earliest = Math.min(earliest, dueMs);
    if (earliest === Infinity) return undefined;
    this.#nowMs = Math.max(this.#nowMs, earliest);
    const due: number[] = [];
    this.#waiting.forEach(({ dueMs }, index) => {
      if (dueMs <= this.#nowMs) due.push(index);
    });
    const chosen = this.#prng.any(due) ?? 0;
    return this.#waiting.splice(chosen, 1)[0];
  }

  /** The owner is gone, and all it was waiting for with it: what it began never goes on. */
  abandon(owner: string): void {
    this.#gone.add(owner);
    const others = this.#waiting.filter((waiting) => waiting.owner !== owner);
    this.#waiting.splice(0, this.#waiting.length, ...others);
  }
}

/** Until every promise that can settle has: nothing in the simulated world uses a timer or does I/O. */
export async function settled(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setImmediate(resolve);
  await promise;
}
