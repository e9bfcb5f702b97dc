import { randomInt } from 'node:crypto';
import type { Trader } from '../bench/orders/load.ts';
import { answerTo, forEach } from './call.ts';
import type { Holder, Memory, Operation, RememberedOrder } from './memory.ts';
import { canceling, confirming, executing, placing, transferring } from './operations.ts';

export interface People {
  readonly holders: readonly Holder[];
  readonly operator: Trader;
  readonly connector: Trader;
}

const clients = 12;
const recentMax = 200;
const retryRoundsMax = 20;

/** Clients that go on until they are told to stop, or nobody answers any more. */
export class Clients {
  readonly #memory: Memory;
  readonly #people: People;
  readonly #recent: RememberedOrder[] = [];
  #isOver = false;
  #work: Promise<unknown> = Promise.resolve();

  constructor(memory: Memory, people: People) {
    this.#memory = memory;
    this.#people = people;
  }

  start(address: string): void {
    this.#isOver = false;
    this.#work = Promise.all(Array.from({ length: clients }, async () => this.#client(address)));
  }

  /** No new calls; those in the air find out by themselves. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#work;
  }

  /** Sends again, unchanged, what was never answered, until everything is. */
  async settle(address: string): Promise<void> {
    for (let round = 1; this.#memory.unsettled.length > 0; round += 1) {
      if (round > retryRoundsMax) throw new Error(`still unanswered after ${retryRoundsMax} rounds`);
      const again = this.#memory.unsettled;
      this.#memory.unsettled = [];
      await forEach(again, clients, async (operation) => {
        await this.#perform(address, operation, true);
      });
    }
  }

  async #client(address: string): Promise<void> {
    while (!this.#isOver) {
      const operation = this.#next();
      if (!(await this.#perform(address, operation, false))) return;
    }
  }

  #next(): Operation {
    const { holders, operator, connector } = this.#people;
    const holder = holders[randomInt(holders.length)];
    if (!holder) throw new Error('there are accounts');
    const dice = randomInt(100);
    const order = this.#recent[randomInt(this.#recent.length + 1)];
    if (order && dice < 25) {
      const execution = executing(this.#memory, order, connector);
      if (execution) return execution;
    }
    if (order && dice < 35) {
      return order.cancelAcknowledged && !order.cancelConfirmed
        ? confirming(this.#memory, order, connector)
        : canceling(this.#memory, order);
    }
    return dice < 40 ? transferring(this.#memory, holder, operator) : placing(this.#memory, holder);
  }

  /** False when there was no answer: then nobody knows, and it is remembered for later. */
  async #perform(address: string, operation: Operation, isRetry: boolean): Promise<boolean> {
    const answer = await answerTo(address, operation.call);
    if (!answer) {
      this.#memory.unsettled.push(operation);
      return false;
    }
    const before = this.#memory.orders.size;
    operation.settle(answer);
    this.#memory.acknowledged += 1;
    if (isRetry && answer.isReplayed) this.#memory.foundDone += 1;
    if (this.#memory.orders.size > before) this.#remember();
    return true;
  }

  /** Cancels and executions are for orders of late: the newest one takes the place of some other. */
  #remember(): void {
    const newest = [...this.#memory.orders.values()].at(-1);
    if (!newest) return;
    if (this.#recent.length < recentMax) this.#recent.push(newest);
    else this.#recent[randomInt(recentMax)] = newest;
  }
}
