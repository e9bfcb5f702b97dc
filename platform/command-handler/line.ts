import type { Deadline } from '../deadline/deadline.ts';
import { StreamBusy } from './errors.ts';

interface Line {
  length: number;
  /** The latest deadline of anybody in the line: when it is empty at the latest. */
  deadline: Deadline;
  last: Promise<void>;
}

/**
 * Commands on one stream in this process go one after the other. Correctness never depends on it, other processes write
 * too; but a command decided on a version that is being written is a failed write, and that is billed: eight at once from
 * eight processes take about two writes and half a read each, in line one write and none.
 *
 * Nobody waits longer than its own deadline: a command only waits behind those that must end before it must. One with less
 * time than somebody ahead of it goes at once, and the store's conflict sorts it out.
 */
export class Lines {
  readonly #lines = new Map<string, Line>();
  readonly #lengthMax: number;

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  async inTurn<Result>(stream: string, deadline: Deadline, work: () => Promise<Result>): Promise<Result> {
    const line = this.#lines.get(stream);
    if (line && line.deadline > deadline) return work();
    if (line && line.length >= this.#lengthMax) throw new StreamBusy(stream, line.length);
    const { promise, resolve } = Promise.withResolvers<void>();
    const mine = line ?? { length: 0, deadline, last: promise };
    const ahead = line?.last;
    mine.length += 1;
    mine.deadline = deadline;
    mine.last = promise;
    this.#lines.set(stream, mine);
    try {
      if (ahead) await ahead;
      return await work();
    } finally {
      mine.length -= 1;
      if (mine.length === 0) this.#lines.delete(stream);
      resolve();
    }
  }
}
