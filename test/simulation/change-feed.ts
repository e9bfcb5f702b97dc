import type { Commit } from '../../platform/event-store/port.ts';
import type { Prng } from './prng.ts';
import type { Sim } from './sim.ts';

/**
 * The log's change feed: brings commits in order to the relay of any process, and what the relay hands back again, with all that follows
 * it. It goes on as long as there is something to bring.
 */
export class ChangeFeed {
  readonly #sim: Sim;
  readonly #prng: Prng;
  readonly #pending: Commit[] = [];
  #isRunning = false;

  constructor(sim: Sim) {
    this.#sim = sim;
    this.#prng = sim.prng.fork('change feed');
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  add(commit: Commit): void {
    this.#pending.push(commit);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#sim.spawn(async () => this.#run());
  }

  async #run(): Promise<void> {
    while (!this.isEmpty) {
      await this.#sim.pause('change feed', 'brings', this.#prng.between(1, 8));
      const done = await this.#bring(this.#pending.slice(0, this.#prng.pick([1, 4, 10])));
      this.#pending.splice(0, done);
      this.#sim.tally.count('relayed', done);
      if (done === 0) await this.#sim.pause('change feed', 'brings again', this.#prng.between(10, 150));
    }
    this.#isRunning = false;
  }

  /** How many of them need not come again. */
  async #bring(batch: readonly Commit[]): Promise<number> {
    let again: readonly Commit[] = batch;
    await this.#sim.attempt('relay', async (life) => {
      ({ again } = await life.consumers.relay.relay(batch, life.deadlineIn(3_000)));
    });
    const [first] = again;
    return first ? batch.indexOf(first) : batch.length;
  }
}
