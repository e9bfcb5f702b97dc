import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Order, waitsForEntry } from '../../../domain/order/state.ts';
import {
  type AccountId,
  accountId as toAccountId,
  clientOrderId,
  orderId as toOrderId,
} from '../../../domain/values/ids.ts';
import { readSeed } from '../../../local/seed.ts';
import { order as orders } from '../../../platform/aggregates/order.ts';
import { eventOf } from '../../../platform/event-bus/in-process.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { FixedConfig } from '../../../platform/hot-config/fixed.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { StreamConsumer } from '../../../platform/consumer/stream-consumer.ts';
import { attended } from '../../../platform/consumer/attended.ts';
import { subscribed } from '../../../functions/consumers/shared/bus-entries.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { MemoryViews } from '../../../platform/views/memory.ts';
import { viewProjection } from '../../../platform/views/projection.ts';
import { Pipeline, type Subscriber } from '../../support/bus-pipeline.ts';
import { Desk, newName } from '../../support/desk.ts';
import { dyingAt } from '../../support/dying-store.ts';
import { LossyBus, storm } from '../../support/lossy-bus.ts';
import { accept, cancel, contract, execution, place, replace, rules } from '../../support/order.ts';
import { fromQueue } from '../../support/queue-batch.ts';
import { pricesOver, writingConsumers } from '../../support/writing-consumers.ts';
import { SeededRandom } from '../../platform/command-handler/seeded-random.ts';
import { VirtualClock } from '../../platform/command-handler/virtual-clock.ts';

/** `SEED=7 npx vitest run test/functions/consumers/lossy-bus-writers.test.ts` runs the same faults again. */
const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));
const elsewhere = { ...contract, symbol: 'BETA' };
/** Of each kind of order; there are three. */
const rounds = 80;

/** Clients, a connector and a market over a log whose commits reach nobody but through the bus. */
class World {
  readonly log = new MemoryEventStore();
  readonly clock = new VirtualClock();
  readonly desk = new Desk(this.log, this.clock);
  readonly views = new MemoryViews();
  readonly prices = pricesOver(this.log, this.clock);
  readonly pipeline: Pipeline<Subscriber>;
  /** By order: what the venue said it had executed, in lots. */
  readonly reported = new Map<string, number[]>();
  /** What is in force in the end, below every stop. */
  readonly lastPrice = '94';
  readonly #random: SeededRandom;
  #accounts: readonly AccountId[] = [];

  constructor(random: SeededRandom, bus: LossyBus) {
    this.#random = random;
    const { log, clock, views } = this;
    const { document } = new FixedConfig(readSeed().config).current().config;
    const instruments = [{ ...document.instruments[0], ...contract, session: 'always' }];
    const sessions = { ...document.sessions, always: { kind: 'continuous' } };
    const config = new FixedConfig({ ...document, sessions, instruments });
    const listing = new StreamConsumer({
      projection: viewProjection,
      effects: views,
      parking: views,
      log,
      clock,
      onParked: (_, { error }) => fail(new Error(error)),
    });
    const soon = () => deadlineIn(15_000, clock);
    const lists: Subscriber = {
      attended: attended(listing, clock),
      take: fromQueue((batch) => subscribed({ consumer: listing, onFailure: fail }, batch, soon())),
    };
    const consumers = [lists, ...writingConsumers({ log, clock, views, config })];
    this.pipeline = new Pipeline(log, bus, consumers, { cutOff: random });
  }

  async trade(): Promise<void> {
    const opened = Array.from({ length: 12 }, () => this.desk.account(1_000_000_000, 100_000));
    this.#accounts = (await Promise.all(opened)).map(toAccountId);
    await this.#say('100');
    for (let round = 0; round < rounds; round += 1) {
      await this.#cross();
      await this.#bracket();
      await this.#reportAndDie();
      if (round % 10 === 9) await this.#say(String(this.#between(96, 108)));
      await this.pipeline.turn();
      this.clock.advance(1_100);
    }
    await this.#say(this.lastPrice);
  }

  /** An order in our own book, that may be replaced or canceled while it works. */
  async #cross(): Promise<void> {
    const side = this.#random.fraction() < 0.5 ? 'buy' : 'sell';
    const limitPrice = `${this.#between(98, 102)}`;
    const { orderId } = await this.desk.place(this.#anybody(), { side, limitPrice, quantity: '7' });
    const chance = this.#random.fraction();
    if (chance < 0.2) await this.desk.command(orderId, cancel(newName('cancel')));
    else if (chance < 0.4)
      await this.desk.command(orderId, replace(newName('replaced'), { quantity: `${this.#between(8, 20)}` }));
  }

  async #bracket(): Promise<void> {
    const id = toOrderId(newName('entry'));
    const leg = (name: string) => ({
      orderId: toOrderId(newName(name)),
      clientOrderId: clientOrderId(newName(name)),
    });
    const entry = { ...place({ id, limitPrice: '103', timeInForce: 'gtc' }), orderId: id };
    const linked = {
      class: 'bracket',
      takeProfit: { ...leg('profit'), limitPrice: '109' },
      stopLoss: { ...leg('loss'), stopPrice: '95' },
    } as const;
    await this.desk.command(id, { ...entry, accountId: this.#anybody(), linked });
  }

  /** A venue elsewhere reports; who takes its reports down dies each time before the order has them. */
  async #reportAndDie(): Promise<void> {
    const more = { symbol: elsewhere.symbol, rules: rules({ instrument: { contract: elsewhere } }) };
    const { orderId } = await this.desk.place(this.#anybody(), { ...more, quantity: '30' });
    const lots = Array.from({ length: this.#between(1, 3) }, () => this.#between(1, 9));
    this.reported.set(orderId, lots);
    for (const report of [accept, ...lots.map((some) => execution(newName('e'), some))]) {
      const dying = new Desk(dyingAt('order', this.log), this.clock);
      await expect(dying.report(orderId, report)).rejects.toThrow('killed');
    }
  }

  async #say(price: string): Promise<void> {
    await this.prices.set(contract.symbol, price, 'venue', this.desk.context());
  }

  #anybody(): AccountId {
    return this.#accounts[this.#between(0, this.#accounts.length - 1)] ?? toAccountId('nobody');
  }

  #between(least: number, most: number): number {
    return least + Math.floor(this.#random.fraction() * (most - least + 1));
  }

  /** Until nothing moves any more: not by the bus, nor by a sweep. */
  async settle(): Promise<void> {
    for (let sweeps = 0; sweeps < 20; sweeps += 1) {
      await this.pipeline.run();
      const before = (await this.commits()).length;
      this.clock.advance(20_000);
      for (const { isComplete } of await this.pipeline.sweeper(this.clock).run())
        expect(isComplete).toBe(true);
      if ((await this.commits()).length === before) return;
    }
    throw new Error('every sweep finds something to do');
  }

  async commits(): Promise<readonly Commit[]> {
    return (await this.log.feed('0', 1_000_000)).map(({ commit }) => commit);
  }

  async orders(): Promise<readonly Order[]> {
    const fresh = new Desk(this.log, this.clock);
    const names = new Set((await this.commits()).map(({ stream }) => stream));
    const found: Order[] = [];
    for (const stream of names) {
      if (!stream.startsWith(`${orders.kind}-`)) continue;
      const { state } = await fresh.orders.load(stream, fresh.deadline);
      if (state.kind === 'order') found.push(state);
    }
    return found;
  }
}

function fail(error: unknown): never {
  throw error;
}

test(`consumers that write to the log do it once, though the bus loses, repeats, swaps, delays and half-fails, and cuts them off (seed ${seed})`, async () => {
  const random = new SeededRandom('bus', seed);
  const bus = new LossyBus({ random, weather: { ...storm, refused: 1 } });
  const world = new World(random, bus);
  await world.trade();
  await world.settle();
  const all = await world.orders();
  const commits = await world.commits();
  const closed = all.filter(({ phase }) => phase.name === 'closed').length;
  const stops = all.filter(({ stopLeg, phase }) => stopLeg && phase.name !== 'held');
  const elected = stops.filter(({ stopLeg }) => stopLeg?.working);
  console.log(
    `seed ${seed}: ${commits.length} commits, ${all.length} orders, ${closed} closed, ${elected.length} stops took over`,
    bus.counts,
    `cut off ${world.pipeline.cuts}`,
  );

  expect((await reconcile(world.log)).findings).toEqual([]);
  expect(all.filter(({ pending }) => pending.length > 0)).toEqual([]);
  expect(all.filter(({ phase }) => phase.name === 'received' || phase.name === 'sent')).toEqual([]);
  for (const one of all) {
    const lots = world.reported.get(one.orderId);
    if (lots) expect(one.totals.cumulativeQuantity).toBe(lots.reduce((sum, some) => sum + some, 0));
    if (one.link?.role !== 'exit' || !('entry' in one.link)) continue;
    const { entry: entryId } = one.link;
    const entry = all.find(({ orderId }) => orderId === entryId);
    expect([one.orderId, waitsForEntry(one)]).toEqual([one.orderId, !entry?.exitDue]);
  }
  expect(stops.filter(({ phase, stopLeg }) => phase.name !== 'closed' && !stopLeg?.working)).toEqual([]);
  expect(elected.length).toBeGreaterThan(0);
  for (const count of Object.values(bus.counts)) expect(count).toBeGreaterThan(0);
  expect(world.pipeline.cuts).toBeGreaterThan(0);

  // Everything once more, the latest first: nobody has anything to add.
  for (const consumer of world.pipeline.consumers)
    for (const commit of commits.toReversed()) expect(await consumer.take([eventOf(commit)])).toEqual([]);
  expect(await world.commits()).toHaveLength(commits.length);
}, 60_000);
