import type { KillSwitchCommand } from '../../domain/kill-switch/commands.ts';
import { killSwitchItem } from '../../domain/kill-switch/effects.ts';
import type { KillSwitchEvent } from '../../domain/kill-switch/events.ts';
import {
  type KillSwitches,
  type KillSwitchState,
  killSwitchStream,
  noKillSwitches,
} from '../../domain/kill-switch/state.ts';
import { thrownSwitches } from '../aggregates/kill-switch.ts';
import type { Clock } from '../clock/clock.ts';
import type { CommandHandler } from '../command-handler/command-handler.ts';
import type { CommandContext } from '../command-handler/context.ts';
import type { Outcome } from '../command-handler/outcome.ts';
import { budgetMs, type Deadline, deadlineIn } from '../deadline/deadline.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import type { EventStore } from '../event-store/port.ts';
import { type KillSwitch, KillSwitchUnknown, oldestMs, readAgainAfterMs } from './port.ts';

interface Reading {
  readonly switches: KillSwitches;
  /** When it was asked for: what it says was true then, at the earliest. */
  readonly askedMs: number;
}

export interface StoredKillSwitchOptions {
  readonly store: Pick<EventStore, 'readItem'>;
  readonly clock: Clock;
  readonly cell: string;
  readonly handler: CommandHandler<KillSwitchCommand, KillSwitchState, KillSwitchEvent>;
}

/** One read may not take longer than what was read before it stays usable. */
const readMs = oldestMs - readAgainAfterMs;

/**
 * The switches' stream, and the item that is written with it: read at most once a second, however many orders ask. One per process.
 */
export class StoredKillSwitch implements KillSwitch {
  readonly #options: StoredKillSwitchOptions;
  /** The name of the stream that says who changed which switch, and why. */
  readonly stream: string;
  #latest: Reading | undefined;
  #reading: Promise<Reading> | undefined;

  constructor(options: StoredKillSwitchOptions) {
    this.#options = options;
    this.stream = killSwitchStream(options.cell);
  }

  /** Waits for one read a second. While the store does not answer, what is known stays in force until it is `oldestMs` old. */
  async inForce(deadline: Deadline): Promise<KillSwitches> {
    const known = this.#latest;
    if (known && this.#ageMs(known) < readAgainAfterMs) return known.switches;
    try {
      const reading = await this.#read(deadline);
      if (this.#ageMs(reading) < oldestMs) return reading.switches;
    } catch (cause) {
      if (known && this.#ageMs(known) < oldestMs) return known.switches;
      throw new KillSwitchUnknown('the kill switches could not be read', { cause });
    }
    throw new KillSwitchUnknown('the kill switches took too long to read');
  }

  /** The switches as their stream has them now, for people. Throws what the store throws. */
  async load(deadline: Deadline): Promise<KillSwitchState> {
    return (await this.#options.handler.load(this.stream, deadline)).state;
  }

  /** In force with this process's next order, everywhere else within `oldestMs`. Throws what the command handler throws. */
  async change(
    command: KillSwitchCommand,
    context: CommandContext,
  ): Promise<Outcome<KillSwitchState, KillSwitchEvent>> {
    try {
      return await this.#options.handler.handle(this.stream, command, context);
    } finally {
      // Also after a failure: the change may have been written. A read that is under way began before it and is not kept.
      this.#latest = undefined;
      this.#reading = undefined;
    }
  }

  /** Single flight: who comes while a read is under way waits for that one. */
  async #read(deadline: Deadline): Promise<Reading> {
    if (this.#reading) return this.#reading;
    const reading = this.#ask(deadline);
    this.#reading = reading;
    try {
      const latest = await reading;
      if (this.#reading === reading) this.#latest = latest;
      return latest;
    } finally {
      if (this.#reading === reading) this.#reading = undefined;
    }
  }

  async #ask(deadline: Deadline): Promise<Reading> {
    const { store, clock } = this.#options;
    const askedMs = clock.monotonicMs();
    const item = await store.readItem(killSwitchItem, deadlineIn(budgetMs(deadline, clock, readMs), clock));
    if (!item) return { switches: noKillSwitches, askedMs };
    const { version, thrown } = item;
    if (typeof version !== 'number' || typeof thrown !== 'string')
      throw new CorruptCommit('the kill switches are not what was written');
    return { switches: { version, thrown: thrownSwitches.parse(JSON.parse(thrown)) }, askedMs };
  }

  #ageMs({ askedMs }: Reading): number {
    return this.#options.clock.monotonicMs() - askedMs;
  }
}
