import { randomUUID } from 'node:crypto';
import { injectFaults } from '../../support/faulty-dynamodb.ts';
import { short, table } from '../table.ts';
import { type Bill, billOf, type Contestant } from './contestant.ts';
import { noteCommand, type NoteCommand } from './notes.ts';

export const writers = 8;
export const commandsEach = 10;

/** What became of commands: `lost` were acknowledged and are not there, `doubled` are there more than once. */
export interface Fates {
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly bill: Bill;
}

/** Eight processes with ten commands each for one stream, all at default settings. */
export async function contendedStream(
  contestants: readonly Contestant[],
): Promise<{ readonly text: string; readonly fates: ReadonlyMap<string, Fates> }> {
  const fates = new Map<string, Fates>();
  for (const contestant of contestants) {
    const stream = `order-${randomUUID()}`;
    await contestant.process().handle(stream, noteCommand('first', { isFirst: true }));
    fates.set(contestant.name, await contended(contestant, stream));
  }
  const title = `${writers} writers with ${commandsEach} commands each on one stream, default settings`;
  return { text: fatesTable(title, fates), fates };
}

async function contended(contestant: Contestant, stream: string): Promise<Fates> {
  const acknowledged: string[] = [];
  const write = async (writer: number): Promise<void> => {
    const process = contestant.process();
    for (let turn = 1; turn <= commandsEach; turn += 1) {
      const command = noteCommand(`writer-${writer}-${turn}`);
      if (await isHandled(process.handle(stream, command))) acknowledged.push(command.id);
    }
  };
  const bill = await billOf(contestant.meter, async () =>
    Promise.all(Array.from({ length: writers }, async (_, writer) => write(writer))),
  );
  return fatesOf(contestant, stream, acknowledged, bill);
}

/** One writer, and the answer to every other write is lost on its way to the SDK, which tries again by itself. */
export async function lostAnswers(
  contestants: readonly Contestant[],
): Promise<{ readonly text: string; readonly fates: ReadonlyMap<string, Fates> }> {
  const fates = new Map<string, Fates>();
  for (const contestant of contestants) {
    const stream = `order-${randomUUID()}`;
    let isFaulty = false;
    let writes = 0;
    injectFaults(contestant.client, (command) => {
      if (!isFaulty || !/Put|Update|Transact/.test(command)) return undefined;
      writes += 1;
      return writes % 2 === 0 ? 'answer-lost-in-sdk' : undefined;
    });
    const process = contestant.process();
    await process.handle(stream, noteCommand('first', { isFirst: true }));
    const commands = Array.from({ length: 20 }, (_, turn) => noteCommand(`lossy-${turn + 1}`));
    isFaulty = true;
    const acknowledged: string[] = [];
    const bill = await billOf(contestant.meter, async () => {
      for (const command of commands)
        if (await isHandled(process.handle(stream, command))) acknowledged.push(command.id);
    });
    isFaulty = false;
    fates.set(contestant.name, await fatesOf(contestant, stream, acknowledged, bill));
  }
  return {
    text: fatesTable('One writer with 20 commands; the answer to every other write is lost', fates),
    fates,
  };
}

async function isHandled(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch {
    // What a library throws when it gives up differs; here only counts that the command was not acknowledged.
    return false;
  }
}

async function fatesOf(
  contestant: Contestant,
  stream: string,
  acknowledged: readonly NoteCommand['id'][],
  bill: Bill,
): Promise<Fates> {
  const seen = new Map<string, number>();
  for (const { command } of await contestant.recorded(stream))
    seen.set(command, (seen.get(command) ?? 0) + 1);
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((id) => !seen.has(id)).length,
    doubled: [...seen.values()].filter((times) => times > 1).length,
    bill,
  };
}

function fatesTable(title: string, fates: ReadonlyMap<string, Fates>): string {
  const columns = ['store', 'acknowledged', 'lost', 'doubled', 'requests', 'write units', 'read units'];
  const rows = [...fates].map(([name, { acknowledged, lost, doubled, bill }]) => [
    name,
    ...[acknowledged, lost, doubled, bill.requests, bill.writeUnits, bill.readUnits].map(short),
  ]);
  return table(title, columns, rows);
}
