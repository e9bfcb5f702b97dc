import { parentPort, workerData } from 'node:worker_threads';
import { keepViewsInSqlite } from '../../functions/compose-sqlite-views.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import type { AttendedConsumer } from '../../platform/consumer/attended.ts';
import { isRetryable } from '../../platform/consumer/errors.ts';
import { defaultCallMs, deadlineIn, longestCallMs } from '../../platform/deadline/deadline.ts';
import type { Parked } from '../../platform/consumer/port.ts';
import type { Watch } from '../../platform/surveillance/watch.ts';
import type { Asked, Call, Told } from './messages.ts';

/** Runs as a thread of the cell: keeps the views from the log beside it, so that orders need not wait for them. */
if (!parentPort) throw new Error('this runs as a thread of a cell');
const port = parentPort;
const { folder, watch: atFirst }: { readonly folder: string; readonly watch?: Watch } = workerData;
let watch = atFirst;
const listeners = new Set<() => void>();
const accounts = new Set<string>();

const alarms = {
  onParked: (name: string, parked: Parked) => tell({ tell: 'parked', consumer: name, parked }),
  onFailure: (error: unknown) =>
    tell({ tell: 'failure', error: error instanceof Error ? error : new Error(String(error)) }),
  onDelivered: (position: string) => {
    tell({ tell: 'position', position, accounts: [...accounts] });
    accounts.clear();
  },
};
const source = { folder, onCommits };
const kept = keepViewsInSqlite(source, systemClock, alarms, atFirst && (() => watch ?? atFirst));
kept.feed.onEntries((some) => {
  for (const account of some) accounts.add(account);
});
port.on('message', (asked: Asked) => {
  if (asked.ask === 'call') answer(asked).catch(fail);
  else if (asked.ask === 'watch') watch = asked.watch;
  else reach(asked.sequence, asked.isWaitedFor).catch(fail);
});

function tell(message: Told): void {
  port.postMessage(message);
}

function onCommits(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Ends the thread: the cell hears of it and starts another. */
function fail(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

/** Is always answered with a position, also when there is nothing to deliver: the cell tells of nothing new until it has one. */
async function reach(sequence: string, isWaitedFor: boolean): Promise<void> {
  const { position } = kept.changeFeed;
  if (Number(position) >= Number(sequence)) return alarms.onDelivered(position);
  for (const listener of listeners) listener();
  if (isWaitedFor) await kept.changeFeed.caughtUp(deadlineIn(longestCallMs, systemClock), sequence);
}

async function answer(call: Call): Promise<void> {
  try {
    call.reply.postMessage({ answer: (await done(call)) ?? null });
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    call.reply.postMessage({ error: text, isRetryable: isRetryable(error) });
  }
  call.reply.close();
}

async function done(asked: Call): Promise<unknown> {
  switch (asked.call) {
    case 'start':
      return kept.start();
    case 'stop':
      return kept.stop();
    case 'drained':
      return kept.drained();
    case 'rebuild':
      return kept.rebuild();
    case 'sweep':
      return kept.sweep();
    case 'parked':
      return consumer(asked.given).parked(deadlineIn(defaultCallMs, systemClock));
    case 'redrive':
      return consumer(asked.given).redrive(deadlineIn(longestCallMs, systemClock));
    case 'conclude': {
      const { breach, settlement } = asked.given;
      return kept.surveillance.conclude(breach, settlement, deadlineIn(defaultCallMs, systemClock));
    }
    case 'sweepHeads':
      return consumer(asked.given.consumer).sweepHeads(asked.given.heads);
  }
}

function consumer(name: string): AttendedConsumer {
  const found = kept.attended.find((one) => one.name === name);
  if (!found) throw new Error(`there is no consumer ${name}`);
  return found;
}
