import type { DatabaseSync } from 'node:sqlite';
import { inFile } from '../consumer/file-use.ts';
import { type Figures, storedFigures } from './figures.ts';
import {
  type BreachQuery,
  type BreachRecord,
  breachesMax,
  figuresMax,
  type SurveillanceReader,
} from './port.ts';
import { storedBreach } from './stored-breach.ts';

/** Figures and breaches from the consumers' file, on any connection to it. */
export class SqliteSurveillanceReader implements SurveillanceReader {
  readonly #database: DatabaseSync;
  readonly #figures;
  readonly #all;
  readonly #ofAccount;
  readonly #pending;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#figures = database.prepare(
      'SELECT body FROM surveillance_figures WHERE account = ? ORDER BY name LIMIT ?',
    );
    const columns = 'SELECT body, settled FROM surveillance_breaches';
    this.#all = database.prepare(`${columns} WHERE place < ? ORDER BY place DESC LIMIT ?`);
    this.#ofAccount = database.prepare(
      `${columns} WHERE account = ? AND place < ? ORDER BY place DESC LIMIT ?`,
    );
    this.#pending = database.prepare(`${columns} WHERE settled IS NULL ORDER BY place LIMIT ?`);
  }

  async figures(accountId: string): Promise<readonly Figures[]> {
    const rows = inFile(this.#database, () => this.#figures.all(accountId, figuresMax));
    return rows.map(({ body }) => storedFigures(body));
  }

  async breaches({ accountId, before = '~', limit }: BreachQuery): Promise<readonly BreachRecord[]> {
    const rows = inFile(this.#database, () =>
      accountId === undefined ? this.#all.all(before, limit) : this.#ofAccount.all(accountId, before, limit),
    );
    return rows.map(({ body, settled }) => storedBreach(body, settled));
  }

  async pending(): Promise<readonly BreachRecord[]> {
    const rows = inFile(this.#database, () => this.#pending.all(breachesMax));
    return rows.map(({ body, settled }) => storedBreach(body, settled));
  }
}
