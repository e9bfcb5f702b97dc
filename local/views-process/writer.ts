import { keepViewsInSqlite, type SqliteKeptViews } from '../../functions/compose-sqlite-views.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import type { AttendedConsumer } from '../../platform/consumer/attended.ts';
import { isRetryable } from '../../platform/consumer/errors.ts';
import { defaultCallMs, deadlineIn, longestCallMs } from '../../platform/deadline/deadline.ts';
import type { Parked } from '../../platform/consumer/port.ts';
import type { Watch } from '../../platform/surveillance/watch.ts';
import {
  aliveEveryMs,
  type Asked,
  type Begin,
  type Call,
  type Note,
  type Said,
  toldError,
} from './messages.ts';

/** Keeps the views from the log beside the process that takes orders, so that those need not wait for them. */
if (!process.send) throw new Error('this runs as a process of a cell');

let views: Writer | undefined;
process.on('message', (asked: Asked) => {
  if (asked.ask === 'begin') views = new Writer(asked);
  else if (asked.ask === 'call') views?.answer(asked).catch(fail);
  else views?.take(asked).catch(fail);
});
process.on('uncaughtException', fail);
setInterval(() => say({ tell: 'alive' }), aliveEveryMs).unref();

class Writer {
  readonly #kept: SqliteKeptViews;
  readonly #listeners = new Set<() => void>();
  readonly #accounts = new Set<string>();
  #watch: Watch | undefined;
  #started: Promise<void> | undefined;

  constructor({ folder, watch }: Begin) {
    this.#watch = watch;
    const onCommits = (listener: () => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    };
    const alarms = {
      onParked: (consumer: string, parked: Parked) => say({ tell: 'parked', consumer, parked }),
      onFailure: (error: unknown) => say({ tell: 'failure', error: toldError(error) }),
      onDelivered: (position: string) => this.#tellPosition(position),
    };
    const inForce = watch && (() => this.#watch ?? watch);
    this.#kept = keepViewsInSqlite({ folder, onCommits }, systemClock, alarms, inForce);
    this.#kept.feed.onEntries((some) => {
      for (const account of some) this.#accounts.add(account);
    });
  }

  async take(note: Note): Promise<void> {
    if (note.ask === 'watch') this.#watch = note.watch;
    else await this.#reach(note.sequence, note.isWaitedFor);
  }

  async answer(call: Call): Promise<void> {
    const { id } = call;
    try {
      const answer = (await this.#done(call)) ?? null;
      say({ tell: 'reply', id, reply: { answer } });
    } catch (error) {
      const reply = { error: toldError(error), isRetryable: isRetryable(error) };
      say({ tell: 'reply', id, reply });
    }
  }

  #tellPosition(position: string): void {
    say({ tell: 'position', position, accounts: [...this.#accounts] });
    this.#accounts.clear();
  }

  /** Is always answered with a position, also when there is nothing to deliver: the cell tells of nothing new until it has one. */
  async #reach(sequence: string, isWaitedFor: boolean): Promise<void> {
    const { changeFeed } = this.#kept;
    if (Number(changeFeed.position) >= Number(sequence)) return this.#tellPosition(changeFeed.position);
    for (const listener of this.#listeners) listener();
    if (isWaitedFor) await changeFeed.caughtUp(deadlineIn(longestCallMs, systemClock), sequence);
  }

  async #done(asked: Call): Promise<unknown> {
    const kept = this.#kept;
    switch (asked.call) {
      case 'start':
        // Also when it is asked for twice.
        return (this.#started ??= kept.start());
      case 'stop':
        return kept.stop();
      case 'drained':
        return kept.drained();
      case 'rebuild':
        return kept.rebuild();
      case 'sweep':
        return kept.sweep();
      case 'parked':
        return this.#consumer(asked.given).parked(deadlineIn(defaultCallMs, systemClock));
      case 'redrive':
        return this.#consumer(asked.given).redrive(deadlineIn(longestCallMs, systemClock));
      case 'conclude': {
        const { breach, settlement } = asked.given;
        return kept.surveillance.conclude(breach, settlement, deadlineIn(defaultCallMs, systemClock));
      }
      case 'sweepHeads':
        return this.#consumer(asked.given.consumer).sweepHeads(asked.given.heads);
    }
  }

  #consumer(name: string): AttendedConsumer {
    const found = this.#kept.attended.find((one) => one.name === name);
    if (!found) throw new Error(`there is no consumer ${name}`);
    return found;
  }
}

/** What cannot be said has nobody to hear it any more: the end of the channel ends this process. */
function say(said: Said, onSaid: () => void = () => undefined): void {
  process.send?.(said, undefined, undefined, onSaid);
}

/** Ends the process, once the cell has been told why: it starts another. */
function fail(error: unknown): void {
  say({ tell: 'dying', error: toldError(error) }, () => process.kill(process.pid, 'SIGKILL'));
}
