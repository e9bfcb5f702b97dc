import { budgetMs, type Deadline } from '../../platform/deadline/deadline.ts';
import { StoreFull, StoreOverloaded, StoreUnavailable } from '../../platform/event-store/errors.ts';
import type { MachineClock } from './clock.ts';
import type { Prng } from './prng.ts';
import type { Scheduler } from './scheduler.ts';
import type { Tally } from './tally.ts';
import { type ReadFault, readFaults, type Weather, type WriteFault, writeFaults } from './weather.ts';

export interface Line {
  readonly owner: string;
  readonly scheduler: Scheduler;
  readonly clock: MachineClock;
  readonly prng: Prng;
  readonly weather: Weather;
  readonly tally: Tally;
  /** Runs what nobody waits for. */
  readonly spawn: (work: () => Promise<unknown>) => void;
  /** The tries (`causationId`) of which a copy is still on its way while the answer to another is known. */
  readonly overtaken: Set<string>;
}

const longestWaitMs = 3_000;

interface Exchange<Answer> {
  readonly fault: WriteFault | ReadFault | undefined;
  readonly effect: () => Promise<Answer>;
}

/**
 * The network between a process and whatever keeps something for it: it loses, delays, doubles and reorders. What was sent arrives even
 * when its sender has crashed; an answer that does not come is `StoreUnavailable`, after a moment or when the time is up.
 */
export class Wire {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  async read<Answer>(label: string, deadline: Deadline, effect: () => Promise<Answer>): Promise<Answer> {
    this.#line.tally.count('reads');
    return this.exchange(label, deadline, { fault: this.#line.weather.first(readFaults), effect });
  }

  async write<Answer>(label: string, deadline: Deadline, effect: () => Promise<Answer>): Promise<Answer> {
    return this.exchange(label, deadline, { fault: this.#line.weather.first(writeFaults), effect });
  }

  async exchange<Answer>(
    label: string,
    deadline: Deadline,
    { fault, effect }: Exchange<Answer>,
  ): Promise<Answer> {
    const { clock, prng } = this.#line;
    const waitMs = budgetMs(deadline, clock, longestWaitMs);
    // A connection that breaks is noticed at once, one that goes quiet when the time is up.
    const noticedMs = prng.chance(0.7) ? Math.min(waitMs, this.#latencyMs()) : waitMs;
    switch (fault) {
      case 'write: throttled':
      case 'read: throttled':
        await this.#here(`${label} throttled`, noticedMs);
        throw new StoreOverloaded(label);
      case 'write: request lost':
      case 'read: lost':
        return this.#noAnswer(`${label} ${fault}`, noticedMs);
      case 'write: answer lost':
        this.arrives(label, this.#latencyMs(), effect);
        return this.#noAnswer(`${label} ${fault}`, noticedMs + this.#latencyMs());
      case 'write: arrives late':
        this.arrives(`${label} late`, noticedMs + prng.between(1, prng.pick([20, 250, 4_000])), effect);
        return this.#noAnswer(`${label} ${fault}`, noticedMs);
      case 'write: sent twice':
        this.arrives(`${label} first`, this.#latencyMs(), effect);
        return this.#answered(`${label} second`, effect, this.#latencyMs() + this.#latencyMs());
      case 'write: overtaken by its retry':
        this.arrives(`${label} overtaken`, prng.between(5, 1_000), effect);
        return this.#answered(label, effect, this.#latencyMs());
      case 'write: slow':
      case 'read: slow':
        return this.#answered(`${label} slow`, effect, Math.min(waitMs - 1, prng.between(20, 1_500)));
      case undefined:
        return this.#answered(label, effect, this.#latencyMs());
    }
  }

  arrives(label: string, outMs: number, effect: () => Promise<unknown>): void {
    this.#line.spawn(async () => {
      await this.#line.scheduler.pause('network', label, outMs);
      try {
        await effect();
      } catch (error) {
        // Nobody waits for it any more, and nothing was written.
        if (!(error instanceof StoreFull)) throw error;
      }
    });
  }

  #latencyMs(): number {
    return this.#line.prng.between(1, 6);
  }

  async #answered<Answer>(label: string, effect: () => Promise<Answer>, outMs: number): Promise<Answer> {
    const { scheduler } = this.#line;
    await scheduler.pause('network', label, outMs);
    const answer = await effect();
    await this.#here(`answer to ${label}`, this.#latencyMs());
    return answer;
  }

  async #noAnswer(label: string, noticedMs: number): Promise<never> {
    await this.#here(label, noticedMs);
    throw new StoreUnavailable(label);
  }

  async #here(label: string, milliseconds: number): Promise<void> {
    await this.#line.scheduler.pause(this.#line.owner, label, milliseconds);
  }
}
