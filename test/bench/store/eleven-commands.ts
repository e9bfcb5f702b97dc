import { randomUUID } from 'node:crypto';
import { short, table } from '../table.ts';
import { type Bill, billOf, type Contestant } from './contestant.ts';
import type { Costs } from './expectations.ts';
import { elevenCommands } from './notes.ts';

/** An order of eleven commands and twelve events of 300 bytes, without money: by one process, and by a new one for each command. */
export async function elevenCommandOrder(
  contestants: readonly Contestant[],
): Promise<{ readonly text: string; readonly costs: Costs }> {
  const rows: string[][] = [];
  const costs: Record<string, Bill> = {};
  for (const contestant of contestants) {
    const warm = await ordered(contestant, false);
    const cold = await ordered(contestant, true);
    rows.push([contestant.name, 'warm', ...cells(warm)], [contestant.name, 'cold', ...cells(cold)]);
    costs[`eleven commands, ${contestant.name}, warm`] = warm;
    costs[`eleven commands, ${contestant.name}, cold`] = cold;
  }
  const title = 'An order of eleven commands and twelve events of 300 bytes, no money';
  return {
    text: table(title, ['store', 'process', 'requests', 'write units', 'read units'], rows),
    costs,
  };
}

async function ordered(contestant: Contestant, isNewEachTime: boolean): Promise<Bill> {
  const stream = `order-${randomUUID()}`;
  let process = contestant.process();
  return billOf(contestant.meter, async () => {
    for (const command of elevenCommands()) {
      if (isNewEachTime) process = contestant.process();
      await process.handle(stream, command);
    }
  });
}

function cells({ requests, writeUnits, readUnits }: Bill): readonly string[] {
  return [short(requests), short(writeUnits), short(readUnits)];
}
