import type { Clock } from './clock.ts';
import { within } from './within.ts';

export interface RoundsOptions {
  readonly clock: Clock;
  /** One round; how many milliseconds until the next. */
  readonly round: () => Promise<number>;
  /** After a round that failed, unless it says otherwise. */
  readonly afterFailureMs: number;
  /** Told of every failure. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** Does one thing again and again, never twice at a time, until it is stopped. */
export class Rounds {
  readonly #options: RoundsOptions;
  #running: Promise<void> | undefined;
  #isStopped = false;
  #isWoken = false;
  #hurry: () => void = () => undefined;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** The first round begins after `milliseconds`. */
  start(milliseconds: number): void {
    this.#running ??= this.#run(milliseconds);
  }

  /** The next round begins now, or right after the one that is under way. */
  wake(): void {
    this.#isWoken = true;
    this.#hurry();
  }

  /** Finishes the round that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#hurry();
    await this.#running;
  }

  async #run(firstMs: number): Promise<void> {
    let pauseMs = firstMs;
    while (!this.#isStopped) {
      await this.#pause(pauseMs);
      if (this.#isStopped) return;
      this.#isWoken = false;
      pauseMs = await this.#once();
    }
  }

  async #once(): Promise<number> {
    const { round, afterFailureMs, onFailure } = this.#options;
    try {
      return await round();
    } catch (error) {
      onFailure(error);
      return afterFailureMs;
    }
  }

  /** Ends early when woken, or to stop. */
  async #pause(milliseconds: number): Promise<void> {
    if (this.#isWoken) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#hurry = resolve;
    await within(promise, milliseconds, { clock: this.#options.clock, otherwise: undefined });
    this.#hurry = () => undefined;
  }
}
