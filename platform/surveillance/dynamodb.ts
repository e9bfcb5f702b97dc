import { type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock/clock.ts';
import { ConsumerContended } from '../consumer/errors.ts';
import type { Advance, Progress, Written } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { attribute, flat } from '../event-store/dynamodb-attributes.ts';
import type { Random } from '../random/random.ts';
import { guardedPut, putCursor, sendAdvance, storedProgress } from '../views/dynamodb-cursors.ts';
import { keyAttributes } from '../views/dynamodb-items.ts';
import { DynamoDbParking } from '../views/dynamodb-parking.ts';
import { ViewsTable, type ViewsTableOptions } from '../views/dynamodb-table.ts';
import { viewsKey } from '../views/tables.ts';
import { AccountFold, namesIn } from './account-fold.ts';
import * as items from './dynamodb-items.ts';
import type { SurveillanceEffect } from './effect.ts';
import { accountName, type Figures, nameOf } from './figures.ts';
import {
  type BreachQuery,
  type BreachRecord,
  breachesMax,
  figuresMax,
  type Settlement,
  type Surveillance,
} from './port.ts';
import type { Breach, WatchInForce } from './watch.ts';

/** Other streams of the account may be applied meanwhile. */
const attemptsMax = 16;
const accountsAtOnce = 8;

/** Figures and breaches in the views' table. The figures of an account are guarded by those of the account itself. */
export class DynamoDbSurveillance extends DynamoDbParking implements Surveillance {
  readonly savesMarks = false;
  readonly #table: ViewsTable;
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #watch: WatchInForce;

  constructor(options: ViewsTableOptions, watch: WatchInForce) {
    const table = new ViewsTable(options);
    super(table);
    this.#table = table;
    this.#random = options.random;
    this.#clock = options.clock;
    this.#watch = watch;
  }

  progress(streams: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Progress>> {
    return storedProgress(this.#table, streams, items.cursorKey, deadline);
  }

  /** Accounts side by side, what is of one account one after the other: they would only get into each other's way. */
  async write(
    advances: readonly Advance<SurveillanceEffect>[],
    deadline: Deadline,
  ): Promise<readonly Written[]> {
    const written = new Map<Advance<SurveillanceEffect>, Written>();
    const lines = [...Map.groupBy(advances, accountOf).values()];
    for (let next = 0; next < lines.length; next += accountsAtOnce) {
      // All of them end before one's failure is told: nothing is written behind the caller's back.
      const ended = await Promise.allSettled(
        lines.slice(next, next + accountsAtOnce).map(async (line) => {
          for (const advance of line) written.set(advance, await this.#writeOne(advance, deadline));
        }),
      );
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
    }
    return advances.map((advance) => written.get(advance) ?? 'conflict');
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  async figures(accountId: string, deadline: Deadline): Promise<readonly Figures[]> {
    const found: Figures[] = [];
    for await (const item of this.#table.partition(items.figuresOf(accountId), deadline)) {
      found.push(items.figuresFrom(item));
      if (found.length >= figuresMax) break;
    }
    return found;
  }

  breaches({ accountId, before, limit }: BreachQuery, deadline: Deadline): Promise<readonly BreachRecord[]> {
    const where = { pk: items.breachesOf(accountId), before, limit, isForward: false };
    return this.#listed(where, deadline);
  }

  pending(deadline: Deadline): Promise<readonly BreachRecord[]> {
    return this.#listed({ pk: items.pendingPartition, limit: breachesMax, isForward: true }, deadline);
  }

  async conclude(breach: BreachRecord, settlement: Settlement, deadline: Deadline): Promise<void> {
    const { name: TableName } = this.#table;
    const [, , pending] = items.breachKeys(breach);
    const puts = items.settledItems(breach, settlement).map((Item) => ({
      Put: {
        TableName,
        Item,
        ConditionExpression: 'attribute_not_exists(#settled)',
        ExpressionAttributeNames: { '#settled': 'settled' },
      },
    }));
    const removal = pending ? [{ Delete: { TableName, Key: keyAttributes(pending) } }] : [];
    await this.#concludeOnce([...puts, ...removal], deadline);
  }

  /** The first answer stays: that there is one is no failure. */
  async #concludeOnce(parts: TransactWriteItem[], deadline: Deadline): Promise<void> {
    const isFirst = await sendAdvance(this.#table, this.#random, parts, deadline);
    if (isFirst === 'written') return;
    const removal = parts.filter(({ Delete }) => Delete);
    const command = new TransactWriteItemsCommand({ TransactItems: removal });
    await this.#table.call(deadline, (options) => this.#table.client.send(command, options));
  }

  async #listed(
    where: {
      readonly pk: string;
      readonly before?: string | undefined;
      readonly limit: number;
      readonly isForward: boolean;
    },
    deadline: Deadline,
  ): Promise<readonly BreachRecord[]> {
    const { pk, before = '~', limit, isForward } = where;
    const query = {
      KeyConditionExpression: '#pk = :pk AND #sk < :before',
      ExpressionAttributeNames: { '#pk': viewsKey.partition, '#sk': viewsKey.sort },
      ExpressionAttributeValues: { ':pk': attribute(pk), ':before': attribute(before) },
      ScanIndexForward: isForward,
      Limit: limit,
    };
    const found: BreachRecord[] = [];
    for await (const page of this.#table.pages(query, deadline)) {
      found.push(...page.map(items.breachFrom));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  async #writeOne(advance: Advance<SurveillanceEffect>, deadline: Deadline): Promise<Written> {
    const cursor = putCursor(this.#table.name, items.cursorKey(advance.stream), advance);
    const byAccount = [...Map.groupBy(advance.effects, ({ accountId }) => accountId)];
    const accounts = byAccount.flatMap(([accountId, about]) =>
      accountId === undefined ? [] : [{ accountId, about }],
    );
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const parts: TransactWriteItem[] = [];
      for (const { accountId, about } of accounts)
        parts.push(...(await this.#parts(accountId, about, deadline)));
      const result = await sendAdvance(this.#table, this.#random, [cursor, ...parts], deadline);
      if (result !== 'moved') return result;
    }
    throw new ConsumerContended(`${advance.stream}: the figures of its account kept changing`);
  }

  /** The account's own figures last: their condition guards the rest. */
  async #parts(
    accountId: string,
    about: readonly SurveillanceEffect[],
    deadline: Deadline,
  ): Promise<readonly TransactWriteItem[]> {
    const { name: TableName } = this.#table;
    const keys = namesIn(about).map((name) => items.figuresKey(accountId, name));
    const found = await this.#table.getAll(keys, deadline);
    const revision = found.map((item) => Number(flat(item)['revision'] ?? 0)).reduce((a, b) => a + b, 0);
    const watching = { watch: this.#watch(), now: this.#clock.now() };
    const fold = new AccountFold(accountId, found.map(items.figuresFrom), watching);
    for (const effect of about) fold.apply(effect);
    const others = fold.figures.filter((one) => nameOf(one) !== accountName);
    const own = fold.figures.filter((one) => nameOf(one) === accountName);
    const fresh = await this.#unknown(fold.breaches, deadline);
    return [
      ...others.map((one) => ({ Put: { TableName, Item: items.figuresItem(accountId, one, revision) } })),
      ...fresh.flatMap(items.breachItems).map((Item) => ({ Put: { TableName, Item } })),
      ...own.map((one) =>
        guardedPut(TableName, items.figuresItem(accountId, one, revision + 1), {
          counter: 'revision',
          before: revision,
        }),
      ),
    ];
  }

  async #unknown(breaches: readonly Breach[], deadline: Deadline): Promise<readonly Breach[]> {
    // Of the same breach the first crossing stays.
    const once = [...new Map(breaches.toReversed().map((breach) => [breach.breachId, breach])).values()];
    if (once.length === 0) return [];
    const found = await this.#table.getAll(
      once.map(({ breachId }) => items.knownKey(breachId)),
      deadline,
    );
    const known = new Set(found.map((item) => String(flat(item)[viewsKey.partition])));
    return once.filter(({ breachId }) => !known.has(items.knownKey(breachId).pk));
  }
}

function accountOf({ effects }: Advance<SurveillanceEffect>): string | undefined {
  return effects.find(({ accountId }) => accountId !== undefined)?.accountId;
}
