import { randomUUID } from 'node:crypto';
import { short, table } from '../table.ts';
import { type Bill, billOf, type Contestant, each } from './contestant.ts';
import type { Costs } from './expectations.ts';
import { manyCommands } from './notes.ts';

/** A multiple of the sixteen commits between two due snapshots, so that their price is in every average. */
const window = 96;

interface LongStream {
  readonly first: Bill;
  readonly last: Bill;
  readonly coldLoad: Bill;
}

/** One stream of `length` commits of one 300-byte event each: what the first and the last commits cost, and a cold load at the end. */
export async function longStreams(
  contestants: readonly Contestant[],
  length: number,
): Promise<{ readonly text: string; readonly costs: Costs }> {
  const rows: string[][] = [];
  const costs: Record<string, Bill> = {};
  for (const contestant of contestants) {
    const { first, last, coldLoad } = await longStream(contestant, length);
    rows.push([
      contestant.name,
      ...[first.writeUnits, last.writeUnits, first.readUnits, last.readUnits].map(short),
      ...[coldLoad.requests, coldLoad.readUnits].map(short),
    ]);
    costs[`long stream, ${contestant.name}, first commits`] = first;
    costs[`long stream, ${contestant.name}, last commits`] = last;
    costs[`long stream, ${contestant.name}, cold load`] = coldLoad;
  }
  const title = `A stream of ${length} commits; per command: the first ${window}, the last ${window}`;
  const columns = ['store', 'write units first', 'last', 'read units first', 'last'];
  return { text: table(title, [...columns, 'cold load requests', 'read units'], rows), costs };
}

async function longStream(contestant: Contestant, length: number): Promise<LongStream> {
  const stream = `order-${randomUUID()}`;
  const commands = manyCommands(length);
  const process = contestant.process();
  const run = async (from: number, to: number): Promise<void> => {
    for (const command of commands.slice(from, to)) await process.handle(stream, command);
  };
  const first = await billOf(contestant.meter, async () => run(0, window));
  if (contestant.grow) await contestant.grow(stream, commands.slice(window, length - window));
  else await run(window, length - window);
  const last = await billOf(contestant.meter, async () => run(length - window, length));
  const coldLoad = await billOf(contestant.meter, async () => {
    const count = await contestant.process().load(stream);
    if (count !== length) throw new Error(`${contestant.name} loaded ${count} of ${length} events`);
  });
  return { first: each(first, window), last: each(last, window), coldLoad };
}
