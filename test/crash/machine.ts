import { type CellProcess, startCellProcess } from '../bench/cell-process.ts';

/** What a cell runs on, and how it dies there. */
export interface Machine {
  /** What happens to it: `kill`, `power loss`. */
  readonly death: string;
  /** Throws when the cell does not get ready. */
  start(): Promise<CellProcess>;
  /** Begins a start and ends it before, or soon after, the cell is ready. */
  startAndDie(): Promise<void>;
  /** Ends the running cell at an instant of the machine's choice. */
  end(cell: CellProcess): Promise<void>;
  summary(): string;
}

/** `kill -9`: what the process wrote is there, synced or not. */
export class Killing implements Machine {
  readonly death = 'kill';
  readonly #data: string;
  readonly #chance: (below: number) => number;
  #startsKilled = 0;

  constructor(data: string, chance: (below: number) => number) {
    this.#data = data;
    this.#chance = chance;
  }

  async start(): Promise<CellProcess> {
    return startCellProcess({ folder: this.#data });
  }

  async startAndDie(): Promise<void> {
    this.#startsKilled += 1;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20 + this.#chance(400)).unref();
    await startCellProcess({ folder: this.#data, killOn: controller.signal }).then(
      async (cell) => cell.kill(),
      () => undefined,
    );
  }

  async end(cell: CellProcess): Promise<void> {
    await cell.kill();
  }

  summary(): string {
    return `${this.#startsKilled} more while starting`;
  }
}
