import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Context } from 'aws-lambda';
import { entryFileOf } from '../../functions/environment.ts';
import { type FunctionName, httpFunctions, manifest, type RouteKey } from '../../functions/manifest.ts';
import type { Counted } from '../../lib/cost/counted.ts';
import { accountToTell } from '../../platform/sockets/dynamodb-register.ts';
import { answerOf, apiRequest, contextWith, type LambdaCall, type LambdaKey } from './lambda.ts';
import { type LambdaCell, startLambdaCell } from './lambda-cell.ts';
import { MeteredDynamoDb } from './metered-dynamodb.ts';
import { PacedTime } from './paced-time.ts';
import { queueBatch } from './queue-batch.ts';

type Handler = (request: unknown, context: Context) => Promise<unknown>;
type Tallies = Map<string, Counted>;

const root = resolve(import.meta.dirname, '../..');
/** By Node alone: what runs tests would first translate each module of each function. */
const byNode = createRequire(import.meta.url);
/** As the infrastructure sets it: what one call of a subscriber takes at most. */
const queueBatchMax = 10;
/** Between two calls of a function that is busy: what it reads once a second is read for 40 of them. */
const callMs = 25;

export interface OrderLives {
  readonly orders: number;
  /** From the request to the commit, and that commit brought to everybody who subscribed to it. */
  readonly placed: Readonly<Record<string, Counted>>;
  /** What follows from it: acknowledged, executed, settled, listed, until nothing moves any more. */
  readonly afterwards: Readonly<Record<string, Counted>>;
  /** What one round of the reconciliation takes more because these orders are in the log. */
  readonly reconciled: Readonly<Record<string, Counted>>;
}

/**
 * Lets so many pairs of orders live through a whole cell of Lambda functions, each against one of the other side at one price, and
 * counts what every function does for it. Batches are full, as they are where there is much to do.
 */
export async function orderLives(behind: string, pairs: number): Promise<OrderLives> {
  const meter = await MeteredDynamoDb.start(behind);
  const cell = await startLambdaCell(behind);
  const before = { ...process.env };
  using time = new PacedTime();
  try {
    Object.assign(process.env, cell.environment, { AWS_ENDPOINT_URL_DYNAMODB: meter.endpoint });
    return await new Life(cell, meter, time).live(pairs);
  } finally {
    process.env = before;
    meter.stop();
    await cell.stop();
  }
}

class Life {
  readonly #cell: LambdaCell;
  readonly #meter: MeteredDynamoDb;
  readonly #time: PacedTime;

  constructor(cell: LambdaCell, meter: MeteredDynamoDb, time: PacedTime) {
    this.#cell = cell;
    this.#meter = meter;
    this.#time = time;
  }

  async live(pairs: number): Promise<OrderLives> {
    const buyer = await this.#trader('buyer', { amount: '1000000' });
    const seller = await this.#trader('seller', { symbol: 'ALFA', qty: '1000' });
    const price = { symbol: 'ALFA' };
    await this.#must('PUT /v1/instruments/{symbol}/reference-price', { path: price, body: { price: '100' } });
    // One pair that is not counted: processes that have been used before are what there is nearly always.
    await this.#pairs(buyer, seller, 1, new Map());
    await this.#rest(new Map());
    const [placed, afterwards]: readonly [Tallies, Tallies] = [new Map(), new Map()];
    const without = await this.#reconciled();
    await this.#pairs(buyer, seller, pairs, placed);
    await this.#carry(placed);
    await this.#rest(afterwards);
    await this.#allFilled(buyer, pairs + 1);
    const withThem = await this.#reconciled();
    return {
      orders: pairs * 2,
      reconciled: {
        reconcile: {
          ...withThem,
          requests: withThem.requests - without.requests,
          readUnits: withThem.readUnits - without.readUnits,
        },
      },
      placed: Object.fromEntries(placed),
      afterwards: Object.fromEntries(afterwards),
    };
  }

  async #pairs(buyer: LambdaKey, seller: LambdaKey, pairs: number, tallies: Tallies): Promise<void> {
    const order = { symbol: 'ALFA', qty: '1', type: 'limit', limit_price: '100', time_in_force: 'gtc' };
    for (let pair = 0; pair < pairs; pair += 1)
      for (const [key, side] of [
        [buyer, 'buy'],
        [seller, 'sell'],
      ] as const) {
        const body = { ...order, side };
        await this.#must('POST /v2/orders', { key, body }, tallies);
      }
  }

  async #rest(tallies: Tallies): Promise<void> {
    while (await this.#carry(tallies));
  }

  async #reconciled(): Promise<Counted> {
    const tallies: Tallies = new Map();
    await this.#invoke('reconcile', {}, tallies, { messages: 0 });
    const [counted] = tallies.values();
    if (!counted) throw new Error('nothing was counted');
    return counted;
  }

  /** What the log's change feed and the bus do in the cloud, once round. False when there was nothing to carry. */
  async #carry(tallies: Tallies): Promise<boolean> {
    const changes = await this.#cell.changes();
    for (const { name, trigger } of manifest) {
      if (trigger.kind !== 'feed') continue;
      for (const records of batches(changes, trigger.recordsMax))
        await this.#invoke(name, { Records: records }, tallies, { messages: records.length });
    }
    const entries = this.#cell.bus.taken.splice(0);
    count(tallies, 'bus', { messages: entries.length });
    for (const { name, trigger } of manifest) {
      if (trigger.kind !== 'bus') continue;
      const kinds: readonly string[] = trigger.streams;
      const ours = entries.filter((entry) => kinds.includes(String(Object(entry)['detail-type'])));
      for (const some of batches(ours, queueBatchMax))
        await this.#invoke(name, queueBatch(some), tallies, { messages: some.length });
    }
    await this.#tell(tallies);
    return changes.length > 0;
  }

  /** The change feed of the views' table, as far as its mapping lets it by. Nobody listens. */
  async #tell(tallies: Tallies): Promise<void> {
    const news = (await this.#cell.viewsChanges()).filter((record) => accountToTell(record) !== undefined);
    for (const { name, trigger } of manifest) {
      if (trigger.kind !== 'account-feed') continue;
      for (const records of batches(news, trigger.recordsMax))
        await this.#invoke(name, { Records: records }, tallies, { messages: records.length });
    }
  }

  async #invoke(name: FunctionName, request: unknown, tallies: Tallies, { messages }: { messages: number }) {
    this.#time.pass(callMs);
    this.#meter.take();
    const { handler }: { readonly handler: Handler } = byNode(resolve(root, entryFileOf(name)));
    const answer = await handler(request, contextWith(20_000));
    count(tallies, name, { calls: 1, messages, ...this.#meter.take() });
    const failed: readonly unknown[] = Object(answer).batchItemFailures ?? [];
    if (failed.length > 0) throw new Error(`${name} gave back ${failed.length} of ${messages} messages`);
    return answer;
  }

  async #must(route: RouteKey, call: LambdaCall, tallies: Tallies = new Map()) {
    const entry = httpFunctions.find(({ trigger }) => trigger.routes.some((one) => one.route === route));
    if (!entry) throw new Error(`nobody serves ${route}`);
    const asked = apiRequest(route, { key: this.#cell.administrator, ...call });
    const { status, body } = answerOf(
      Object(await this.#invoke(entry.name, asked, tallies, { messages: 0 })),
    );
    if (status !== 200 && status !== 201) throw new Error(`${route}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  async #trader(who: string, fund: object): Promise<LambdaKey> {
    const headers = (what: string) => ({ 'idempotency-key': `${who}-${what}` });
    const opened = await this.#must('POST /v1/accounts', { headers: headers('account'), body: {} });
    await this.#must('POST /v1/accounts/{account_id}/transfers', {
      path: { account_id: opened.id },
      headers: headers('funds'),
      body: { direction: 'INCOMING', ...fund },
    });
    const body = { role: 'client', account_id: opened.id };
    const issued = await this.#must('POST /v1/keys', { headers: headers('key'), body });
    return { keyId: issued.id, secret: issued.secret };
  }

  /** Otherwise it was something else that was counted. */
  async #allFilled(key: LambdaKey, expected: number): Promise<void> {
    const orders = await this.#must('GET /v2/orders', { key, query: { status: 'closed', limit: '500' } });
    const filled = orders.filter(({ status }: { status: string }) => status === 'filled').length;
    if (filled !== expected) throw new Error(`${filled} of ${expected} orders were filled`);
  }
}

function count(tallies: Tallies, name: string, change: Partial<Counted>): void {
  const now = tallies.get(name) ?? { calls: 0, messages: 0, requests: 0, writeUnits: 0, readUnits: 0 };
  tallies.set(name, {
    calls: now.calls + (change.calls ?? 0),
    messages: now.messages + (change.messages ?? 0),
    requests: now.requests + (change.requests ?? 0),
    writeUnits: now.writeUnits + (change.writeUnits ?? 0),
    readUnits: now.readUnits + (change.readUnits ?? 0),
  });
}

function batches<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const all: (readonly Item[])[] = [];
  for (let from = 0; from < items.length; from += size) all.push(items.slice(from, from + size));
  return all;
}
