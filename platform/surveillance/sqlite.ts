import type { Clock } from '../clock/clock.ts';
import { SqliteEffects } from '../consumer/sqlite-effects.ts';
import type { SqliteConsumerFile } from '../consumer/sqlite-file.ts';
import { AccountFold, namesIn, type Watching } from './account-fold.ts';
import type { SurveillanceEffect } from './effect.ts';
import { type Figures, nameOf, storedFigures } from './figures.ts';
import { type BreachQuery, type BreachRecord, placeOf, type Settlement, type Surveillance } from './port.ts';
import { surveillanceProjection } from './projection.ts';
import { SqliteSurveillanceReader } from './sqlite-reader.ts';
import { surveillanceTables } from './sqlite-tables.ts';
import type { WatchInForce } from './watch.ts';

/** Figures and breaches in the consumers' file. */
export class SqliteSurveillance extends SqliteEffects<SurveillanceEffect> implements Surveillance {
  readonly #watch: WatchInForce;
  readonly #clock: Clock;
  readonly #reader: SqliteSurveillanceReader;
  readonly #get;
  readonly #put;
  readonly #breach;
  readonly #conclude;

  constructor(file: SqliteConsumerFile, watch: WatchInForce, clock: Clock) {
    const { database } = file;
    file.prepare(surveillanceTables, surveillanceProjection.name);
    super(file, surveillanceProjection.name);
    this.#watch = watch;
    this.#clock = clock;
    this.#reader = new SqliteSurveillanceReader(database);
    this.#get = database.prepare('SELECT body FROM surveillance_figures WHERE account = ? AND name = ?');
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO surveillance_figures (account, name, body) VALUES (?, ?, ?)',
    );
    this.#breach = database.prepare(
      'INSERT INTO surveillance_breaches (place, id, account, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#conclude = database.prepare(
      'UPDATE surveillance_breaches SET settled = ? WHERE id = ? AND settled IS NULL',
    );
  }

  figures(accountId: string): Promise<readonly Figures[]> {
    return this.#reader.figures(accountId);
  }

  breaches(query: BreachQuery): Promise<readonly BreachRecord[]> {
    return this.#reader.breaches(query);
  }

  pending(): Promise<readonly BreachRecord[]> {
    return this.#reader.pending();
  }

  async conclude({ breachId }: BreachRecord, settlement: Settlement): Promise<void> {
    this.file.transaction(() => this.#conclude.run(JSON.stringify(settlement), breachId));
  }

  protected override apply(effects: readonly SurveillanceEffect[]): void {
    const watching = { watch: this.#watch(), now: this.#clock.now() };
    for (const [accountId, about] of Map.groupBy(effects, (effect) => effect.accountId))
      if (accountId !== undefined) this.#follow(accountId, about, watching);
  }

  #follow(accountId: string, about: readonly SurveillanceEffect[], watching: Watching): void {
    const known = namesIn(about).flatMap((name) => {
      const body = this.#get.get(accountId, name)?.['body'];
      return body === undefined ? [] : [storedFigures(body)];
    });
    const fold = new AccountFold(accountId, known, watching);
    for (const effect of about) fold.apply(effect);
    for (const figures of fold.figures) this.#put.run(accountId, nameOf(figures), JSON.stringify(figures));
    for (const breach of fold.breaches)
      this.#breach.run(placeOf(breach), breach.breachId, accountId, JSON.stringify(breach));
  }
}
