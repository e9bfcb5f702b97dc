import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CellProcess, startCellProcess } from '../../bench/cell-process.ts';
import type { Machine } from '../machine.ts';
import { compiledLayer } from './compiled.ts';
import { type Chance, Disk } from './disk.ts';
import { readJournal } from './journal.ts';

/** SQLite maps it into memory and makes it anew after every crash, so nothing of it counts. */
const isOfNoAccount = (name: string) => name.endsWith('-shm');

/** Under load there is a sync every few milliseconds; a cell that does none by then is killed where it is. */
const nextSyncMaxMs = 500;
const goneMaxMs = 5_000;
const syncsOfAStart = { new: 40, again: 14 } as const;
const log = 'ordercell.db';
/** Where what is answered is, until a checkpoint moves it. */
const answered = `${log}-wal`;

export interface PowerChoice {
  /** Where journal and layer are kept. */
  readonly folder: string;
  readonly data: string;
  readonly chance: Chance;
  /** From the second start on syncs of the log do nothing: the run has to notice. */
  readonly withoutSync: boolean;
}

/** A machine whose power goes: its disk comes back with what was synced, and any part of the rest. */
export class Powerless implements Machine {
  readonly death = 'power loss';
  readonly #choice: PowerChoice;
  readonly #layer: string;
  readonly #journal: string;
  readonly #counts = {
    losses: 0,
    starts: 0,
    before: 0,
    after: 0,
    anywhere: 0,
    changes: 0,
    syncs: 0,
    undone: 0,
  };
  #disk: Disk;

  /** Throws `NoCompiler`. */
  constructor(choice: PowerChoice) {
    this.#choice = choice;
    this.#layer = compiledLayer(choice.folder);
    this.#journal = join(choice.folder, 'journal');
    mkdirSync(choice.data, { recursive: true });
    this.#disk = diskOf(choice.data);
  }

  async start(): Promise<CellProcess> {
    return this.#started({});
  }

  async startAndDie(): Promise<void> {
    this.#counts.starts += 1;
    const when = this.#choice.chance(2) === 0 ? 'before' : 'after';
    const syncs = syncsOfAStart[existsSync(join(this.#choice.data, log)) ? 'again' : 'new'];
    const instant = `${when}:${1 + this.#choice.chance(syncs)}`;
    await this.#started({ FORGETFUL_DIE: instant }).then(
      async (cell) => cell.kill(),
      () => undefined,
    );
    await this.#losePower();
  }

  async end(cell: CellProcess): Promise<void> {
    const when = (['before', 'after', 'anywhere'] as const)[this.#choice.chance(3)] ?? 'anywhere';
    this.#counts[when] += 1;
    if (when !== 'anywhere') {
      writeFileSync(`${this.#journal}.${when}`, '');
      await isGoneWithin(cell.processId, nextSyncMaxMs);
    }
    await cell.kill();
    await this.#losePower();
  }

  summary(): string {
    const { starts, before, after, anywhere, changes, syncs, undone } = this.#counts;
    return `${before} just before a sync, ${after} just after one, ${anywhere} anywhere; ${starts} more while starting
${changes} changes of files and ${syncs} syncs seen, all of them: the files were what the layer said at every loss
${undone} files came back otherwise than they had been written`;
  }

  async #started(more: Readonly<Record<string, string>>): Promise<CellProcess> {
    for (const rest of ['', '.before', '.after', '.processes']) rmSync(this.#journal + rest, { force: true });
    const environment = {
      LD_PRELOAD: this.#layer,
      FORGETFUL_FOLDER: this.#choice.data,
      FORGETFUL_JOURNAL: this.#journal,
      ...(this.#choice.withoutSync && this.#counts.losses > 0 && { FORGETFUL_IGNORE_SYNC: answered }),
      ...more,
    };
    return startCellProcess({ folder: this.#choice.data, environment });
  }

  /** Everything that wrote is gone; then the folder becomes what its disk still has. */
  async #losePower(): Promise<void> {
    const { data, chance } = this.#choice;
    this.#counts.losses += 1;
    await this.#endProcesses();
    for (const happened of readJournal(readFileSync(this.#journal))) {
      if (happened.kind.endsWith('sync-done')) this.#counts.syncs += 1;
      else if (!happened.kind.endsWith('sync-begun')) this.#counts.changes += 1;
      this.#disk.apply(happened);
    }
    this.#check();
    const written = this.#disk.asWritten();
    const left = this.#disk.afterPowerLoss(chance);
    for (const name of readdirSync(data)) rmSync(join(data, name), { recursive: true });
    for (const [name, bytes] of left) {
      if (isOfNoAccount(name)) continue;
      writeFileSync(join(data, name), bytes, { mode: 0o600 });
      if (!written.get(name)?.equals(bytes)) this.#counts.undone += 1;
    }
    this.#disk = diskOf(data);
  }

  /** Those that have written nothing yet as well; one that was beginning while another ended is found the next time round. */
  async #endProcesses(): Promise<void> {
    const ended = new Set<number>();
    for (let isOver = false; !isOver; ) {
      isOver = true;
      for (const one of readFileSync(`${this.#journal}.processes`, 'utf8').split('\n').filter(Boolean)) {
        if (ended.has(Number(one))) continue;
        ended.add(Number(one));
        isOver = false;
        await endProcess(Number(one));
      }
    }
  }

  /** A layer that misses a call would make us sure of what nobody tried. */
  #check(): void {
    const { data } = this.#choice;
    const written = this.#disk.asWritten();
    const missing = [...written.keys()].filter((name) => !existsSync(join(data, name)));
    if (missing.length > 0) throw new Error(`the layer did not see ${missing.join(', ')} being removed`);
    for (const name of readdirSync(data)) {
      const wrong = isOfNoAccount(name) ? undefined : this.#disk.unseen(name, readFileSync(join(data, name)));
      if (wrong !== undefined) throw new Error(`the layer does not see everything: ${wrong}`);
    }
  }
}

function diskOf(data: string): Disk {
  return new Disk(
    readdirSync(data).map((name) => {
      const path = join(data, name);
      return { name, file: statSync(path, { bigint: true }).ino, bytes: readFileSync(path) };
    }),
  );
}

async function endProcess(processId: number): Promise<void> {
  if (!isThere(processId)) return;
  process.kill(processId, 'SIGKILL');
  if (!(await isGoneWithin(processId, goneMaxMs))) throw new Error(`process ${processId} does not end`);
}

async function isGoneWithin(processId: number, milliseconds: number): Promise<boolean> {
  for (let waited = 0; waited < milliseconds; waited += 2) {
    if (!isThere(processId)) return true;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return !isThere(processId);
}

/** One that ended and whose parent did not look yet is gone: it writes no more. */
function isThere(processId: number): boolean {
  try {
    return !readFileSync(`/proc/${processId}/stat`, 'utf8').includes(') Z');
  } catch {
    // It has no entry any more.
    return false;
  }
}
