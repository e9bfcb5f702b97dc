import { StreamBusy } from '../command-handler/errors.ts';

/** One thing at a time, in the order asked for. Everything that waits has a bound of its own, so the line moves. */
export class Turns {
  readonly #name: string;
  readonly #waitingMax: number;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string, waitingMax: number) {
    this.#name = name;
    this.#waitingMax = waitingMax;
  }

  /** Throws `StreamBusy` when too many wait; nothing was done then. */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting >= this.#waitingMax) throw new StreamBusy(this.#name, this.#waiting);
    this.#waiting += 1;
    const ahead = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    try {
      await ahead;
      return await work();
    } finally {
      this.#waiting -= 1;
      resolve();
    }
  }
}
