import type { Aggregate } from '../../../platform/command-handler/aggregate.ts';
import {
  CommandHandler,
  type CommandHandlerOptions,
} from '../../../platform/command-handler/command-handler.ts';
import type { CommandContext } from '../../../platform/command-handler/context.ts';
import { type Deadline, deadlineIn } from '../../../platform/deadline/deadline.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Actor, Commit } from '../../../platform/event-store/port.ts';
import { type CounterCommand, type CounterEvent, type CounterState, counter, purse } from './counter.ts';
import { FaultyStore } from './faulty-store.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';

export type CounterHandler = CommandHandler<CounterCommand, CounterState, CounterEvent>;
type Options = CommandHandlerOptions<CounterCommand, CounterState, CounterEvent>;

const actor: Actor = { kind: 'client', id: 'client-1' };

/** One log, a faulty way to it, and as many processes as a test asks for. */
export class Bench {
  readonly clock = new VirtualClock();
  readonly log = new MemoryEventStore();
  readonly store = new FaultyStore(this.log);
  readonly quarantined: string[] = [];
  #processes = 0;

  /** A handler with a cache of its own. It is another process as far as the log is concerned. */
  handler(options: Partial<Options> = {}): CounterHandler {
    this.#processes += 1;
    return new CommandHandler({
      aggregate: counter,
      store: this.store,
      clock: this.clock,
      random: new SeededRandom(`process${this.#processes}`, this.#processes),
      cell: 'cell-1',
      onQuarantine: (stream) => this.quarantined.push(stream),
      ...options,
    });
  }

  /** A process that reaches the log without faults and without leaving a trace in `store.calls`. */
  rival(options: Partial<Options> = {}): CounterHandler {
    return this.handler({ store: this.log, ...options });
  }

  deadline(milliseconds = 3_000): Deadline {
    return deadlineIn(milliseconds, this.clock);
  }

  context(more: Partial<CommandContext> = {}): CommandContext {
    return { actor, deadline: this.deadline(), ...more };
  }

  keyed(commandId: string, requestHash = 'request-1', more: Partial<CommandContext> = {}): CommandContext {
    return this.context({ key: { commandId, requestHash }, ...more });
  }

  async add(handler: CounterHandler, stream: string, times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) await handler.handle(stream, add(1), this.context());
  }

  async commits(stream: string): Promise<readonly Commit[]> {
    return this.log.read(stream, 1);
  }

  async types(stream: string): Promise<readonly string[]> {
    return (await this.commits(stream)).flatMap((commit) => commit.events.map(({ type }) => type));
  }

  /** Puts cash into the purse that `Reserve` draws from. */
  async deposit(cash: number): Promise<void> {
    const { clock } = this;
    const commit: Commit = {
      stream: `deposit-${clock.now()}-${cash}`,
      version: 1,
      events: [{ type: 'Deposited', schema: 1, data: { cash } }],
      commitId: `deposit-${cash}`,
      at: clock.now(),
      actor,
      cell: 'cell-1',
      epoch: 1,
    };
    await this.log.append([commit], [{ key: purse, conditions: [], add: { available: cash } }]);
  }
}

export function add(quantity: number): CounterCommand {
  return { type: 'Add', quantity };
}

/** The same counter as a later release folds it. */
export const refolded: Aggregate<CounterCommand, CounterState, CounterEvent> = {
  ...counter,
  fingerprint: 'counter-2',
};
