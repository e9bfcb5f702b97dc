import { expect, test } from 'vitest';
import { orderStream } from '../../../domain/order/effects.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { digestOf } from '../../../platform/venue/book-snapshots.ts';
import { MemoryChunkStore } from '../../../platform/venue/chunk-store.ts';
import type { CommandContext } from '../../../platform/command-handler/context.ts';
import { MemoryParking } from '../../../platform/consumer/memory-parking.ts';
import { accountId as toAccountId, orderId as toOrderId } from '../../../domain/values/ids.ts';
import { timestamp } from '../../../domain/values/time.ts';
import type { Phase } from '../../../domain/venue/phase.ts';
import { money } from '../../../domain/values/money.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { accountStream } from '../../../domain/account/state.ts';
import { transferStream } from '../../../domain/transfer/state.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';
import { Market, TestMarkets } from '../../support/market.ts';
import { cancel, contract, type OrderChange, place, replace, rules } from '../../support/order.ts';

class Killed extends Error {
  override readonly name = 'Killed';
  /** Nobody draws conclusions from it: a dead process parks nothing. */
  readonly retryable = true;
}

/** Snapshots come early, and one commit holds little: so that a short day has everything a long one has. */
const limits = { inputsMax: 2, outputsMax: 2, snapshotEvery: 3 };

interface World {
  readonly store: MemoryEventStore;
  readonly clock: VirtualClock;
  readonly chunks: MemoryChunkStore;
  readonly parking: MemoryParking;
  /** The process at work was killed: it writes nothing any more. */
  isDead: boolean;
}

function newWorld(): World {
  return {
    store: new MemoryEventStore(),
    clock: new VirtualClock(),
    chunks: new MemoryChunkStore(),
    parking: new MemoryParking(),
    isDead: false,
  };
}

type Step = (market: Market, context: CommandContext) => Promise<unknown>;

function opening(id: string, lots: number): Step {
  return async ({ desk }, context) => {
    const accountId = toAccountId(id);
    await desk.accounts.handle(accountStream(id), { do: 'open', accountId, currency: 'USD' }, context);
    for (const [name, asset] of [
      [`${id}-cash`, { kind: 'cash', currency: 'USD', amount: money(1_000_000) }],
      [`${id}-shares`, { kind: 'shares', contract, quantity: quantity(lots) }],
    ] as const) {
      const requested = { asset: asset.kind, amount: 'some' };
      const request = {
        do: 'request',
        transferId: name,
        accountId,
        direction: 'in',
        requested,
        asset,
      } as const;
      await desk.transfers.handle(
        transferStream(name),
        { ...request, approvalAbove: 'unlimited', epoch: 1 },
        { actor: context.actor, deadline: context.deadline },
      );
    }
  };
}

function placing(id: string, account: string, change: OrderChange): Step {
  return ({ desk }, context) =>
    desk.command(
      id,
      { ...place({ id, ...change }), orderId: toOrderId(id), accountId: toAccountId(account) },
      context,
    );
}

const pumping: Step = (market) => market.pump();

/** The calendar goes on; whatever is called next notices, also in a process that begins just then. */
function calling(phase: Phase, { hasWaited }: { readonly hasWaited: boolean }): Step {
  return async (market) => {
    market.markets.day = { day: '2026-11-24', phase, closes: true, opensAt: () => market.desk.clock.now() };
    if (hasWaited) market.venue.admitted(timestamp(Number.MAX_SAFE_INTEGER));
    await market.venue.follow('ACME', market.desk.deadline);
  };
}

const called = rules({ session: 'opening_call' });

/** A day with both auctions: every step can be repeated. */
const calledDay: readonly Step[] = [
  opening('a', 1),
  opening('b', 100),
  calling('opening_call', { hasWaited: false }),
  placing('s1', 'b', { side: 'sell', limitPrice: '99.50', quantity: '4' }),
  placing('b1', 'a', { limitPrice: '100', quantity: '6', timeInForce: 'opg', rules: called }),
  pumping,
  calling('continuous', { hasWaited: false }),
  placing('s2', 'b', { side: 'sell', limitPrice: '99.60', quantity: '4', timeInForce: 'cls' }),
  pumping,
  calling('continuous', { hasWaited: true }),
  placing('b2', 'a', { limitPrice: '99.60', quantity: '3' }),
  placing('s3', 'b', { side: 'sell', limitPrice: '99.70', quantity: '4', timeInForce: 'gtc' }),
  pumping,
  calling('closing_call', { hasWaited: true }),
  placing('b3', 'a', { limitPrice: '99.60', quantity: '2' }),
  pumping,
  calling('closed', { hasWaited: true }),
  pumping,
];

/** Every step can be repeated: it has an id, or a key of its own. */
const day: readonly Step[] = [
  opening('a', 1),
  opening('b', 100),
  placing('s1', 'b', { side: 'sell', limitPrice: '99.50', quantity: '4' }),
  placing('s2', 'b', { side: 'sell', limitPrice: '99.60', quantity: '4' }),
  placing('s3', 'b', { side: 'sell', limitPrice: '99.70', quantity: '4' }),
  pumping,
  placing('b1', 'a', { limitPrice: '100', quantity: '10' }),
  pumping,
  ({ desk }, context) => desk.command('s3', replace('r1', { quantity: '8', limitPrice: '99.80' }), context),
  placing('b2', 'a', { limitPrice: '99', quantity: '3' }),
  pumping,
  ({ desk }, context) => desk.command('b2', cancel('c1'), context),
  pumping,
  placing('b3', 'a', { limitPrice: '99.80', quantity: '20', timeInForce: 'ioc' }),
  pumping,
];

async function live(world: World, steps = day): Promise<Market> {
  const { store, clock, chunks, parking } = world;
  const markets = new TestMarkets();
  const start = () => {
    world.isDead = false;
    return new Market(store, { clock, chunks, parking, limits, markets });
  };
  let market = start();
  for (const [index, step] of steps.entries()) {
    const key = { commandId: `k-${index}`, requestHash: 'hash' };
    try {
      await step(market, market.desk.context({ key }));
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      // The process that takes over sees the whole log again.
      market = start();
      await step(market, market.desk.context({ key }));
    }
    expect(market.desk.quarantined).toEqual([]);
  }
  return market;
}

const orders = ['s1', 's2', 's3', 'b1', 'b2', 'b3'];

async function outcomeOf(market: Market) {
  const facts = await Promise.all(orders.map((id) => market.facts(id)));
  const cash = await Promise.all(['a', 'b'].map((id) => market.desk.cash(id)));
  const shares = await Promise.all(['a', 'b'].map((id) => market.desk.position(id)));
  const executions = await Promise.all(
    orders.map(async (id) =>
      (await market.desk.types(orderStream(id))).filter((type) => type === 'OrderExecuted'),
    ),
  );
  return { facts, cash, shares, executions };
}

/** Does something to append number `at`; gives how many there were. */
function meddle(world: World, at: number, how: (write: () => Promise<unknown>) => Promise<never>) {
  const { store } = world;
  let appends = 0;
  const append = store.append.bind(store);
  store.append = async (...call) => {
    if (world.isDead) throw new Killed('killed before');
    appends += 1;
    return appends === at ? how(() => append(...call)) : append(...call);
  };
  return () => appends;
}

async function undisturbed(steps = day) {
  const world = newWorld();
  const count = meddle(world, 0, () => Promise.reject(new Killed('killed')));
  const market = await live(world, steps);
  return { market, appends: count(), outcome: await outcomeOf(market), world };
}

test('a process that dies at any write, and one that takes over, come to the same day', async () => {
  const { appends, outcome } = await undisturbed();
  expect(outcome.facts.map(([phase]) => phase)).toEqual([
    'filled',
    'filled',
    'filled',
    'filled',
    'canceled',
    'canceled',
  ]);
  expect(appends).toBeGreaterThan(30);
  await dyingAnywhere(day, appends, outcome);
});

test('a process that dies at any write around the auctions, and one that takes over, trade each of them once', async () => {
  const { appends, outcome } = await undisturbed(calledDay);
  expect(outcome.facts).toEqual([
    ['filled', 4, 0],
    ['filled', 4, 0],
    ['working', 0, 4],
    ['expired', 4, 0],
    ['filled', 3, 0],
    ['expired', 1, 0],
  ]);
  expect(appends).toBeGreaterThan(20);
  await dyingAnywhere(calledDay, appends, outcome);
});

async function dyingAnywhere(
  steps: readonly Step[],
  appends: number,
  outcome: Awaited<ReturnType<typeof outcomeOf>>,
): Promise<void> {
  for (let at = 1; at <= appends; at += 1) {
    for (const isWritten of [false, true]) {
      const world = newWorld();
      meddle(world, at, async (write) => {
        if (isWritten) await write();
        world.isDead = true;
        throw new Killed('killed');
      });
      const market = await live(world, steps);
      expect({ at, isWritten, ...(await outcomeOf(market)) }).toEqual({ at, isWritten, ...outcome });
      expect(await reconcile(world.store)).toMatchObject({ findings: [] });
    }
  }
}

test('an answer that is lost at any write changes nothing', async () => {
  const { appends, outcome } = await undisturbed();
  for (let at = 1; at <= appends; at += 1) {
    const world = newWorld();
    let isLost = false;
    meddle(world, at, async (write) => {
      await write();
      isLost = true;
      throw new StoreUnavailable('answer lost');
    });
    const market = await repeating(() => live(world));
    expect(isLost).toBe(true);
    expect({ at, ...(await outcomeOf(market)) }).toEqual({ at, ...outcome });
    expect(await reconcile(world.store)).toMatchObject({ findings: [] });
  }
});

/** What a retryable failure asks for: the same again, here by a process that starts from the beginning. */
async function repeating<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return work();
  }
}

test('the book read from the log equals the book that was kept, from a snapshot or from the beginning', async () => {
  const { market, world } = await undisturbed();
  const kept = market.venue.book('ACME');
  const read = await market.log.load('book-ACME', market.desk.deadline);
  expect(read.snapshot).toBeDefined();
  expect(kept && read.book && digestOf(read.book)).toBe(kept && digestOf(kept));
  for (const name of ['0', '1', '2']) await world.chunks.remove(`book-ACME@${read.snapshot?.version}`, name);
  const replayed = await market.log.load('book-ACME', market.desk.deadline);
  expect(kept && replayed.book && digestOf(replayed.book)).toBe(kept && digestOf(kept));
});

test('a snapshot that is not what its commit says is passed over', async () => {
  const { market, world } = await undisturbed();
  const { snapshot } = await market.log.load('book-ACME', market.desk.deadline);
  await world.chunks.put(`book-ACME@${snapshot?.version}`, '0', '["head",{}]');
  const { book, last } = await market.log.load('book-ACME', market.desk.deadline);
  expect(last?.version).toBe((await world.store.read('book-ACME', 1)).length);
  const kept = market.venue.book('ACME');
  expect(book && digestOf(book)).toBe(kept && digestOf(kept));
});

test('older chunks are gone once a newer snapshot is committed', async () => {
  const { world } = await undisturbed();
  const taken = (await world.store.read('book-ACME', 1))
    .flatMap(({ events }) => events)
    .filter(({ type }) => type === 'SnapshotTaken');
  expect(taken.length).toBeGreaterThan(1);
  expect(world.chunks.size).toBe(taken.at(-1)?.data['chunks']);
});

test('two owners of one book at the same time do everything once', async () => {
  const { outcome } = await undisturbed();
  const world = newWorld();
  const { store, clock, chunks, parking } = world;
  const owners = [0, 1].map(() => new Market(store, { clock, chunks, parking, limits }));
  const [first, second] = owners;
  if (!first || !second) throw new TypeError('there are two');
  for (const [index, step] of day.entries()) {
    const key = { commandId: `k-${index}`, requestHash: 'hash' };
    if (step === pumping) await Promise.all(owners.map((owner) => owner.pump()));
    else await step(index % 2 === 0 ? first : second, first.desk.context({ key }));
  }
  expect(await outcomeOf(first)).toEqual(outcome);
  expect(await outcomeOf(second)).toEqual(outcome);
  expect(await reconcile(store)).toMatchObject({ findings: [] });
});

test('a log that is delivered twice, backwards and one by one is taken in once', async () => {
  const { market, outcome, world } = await undisturbed();
  const version = (await world.store.read('book-ACME', 1)).length;
  const commits = (await world.store.feed('0', 10_000)).map(({ commit }) => commit);
  for (const commit of commits.toReversed()) await market.venue.deliver([commit], market.desk.deadline);
  const other = new Market(world.store, world);
  for (const commit of commits.toReversed()) await other.venue.deliver([commit], other.desk.deadline);
  expect(await outcomeOf(other)).toEqual(outcome);
  expect((await world.store.read('book-ACME', 1)).length).toBe(version);
});

test('orders that could not be told in time are told by the next call, without reading the book again', async () => {
  const store = new MemoryEventStore();
  const market = new Market(store, { limits: { outputsMax: 2 } });
  const { desk } = market;
  const account = await desk.account(10_000_000);
  const ids: string[] = [];
  for (let placed = 0; placed < 9; placed += 1) ids.push((await desk.place(account)).orderId);
  await market.pump();
  let [reads, told] = [0, 0];
  const readTail = store.readTail.bind(store);
  store.readTail = async (...call) => {
    reads += Number(call[0] === 'book-ACME');
    return readTail(...call);
  };
  const handle = desk.orders.handle.bind(desk.orders);
  desk.orders.handle = async (...call) => {
    told += 1;
    if (told % 4 === 0) throw new StoreUnavailable('too slow');
    return handle(...call);
  };
  let calls = 0;
  for (let sent = 'unknown'; sent === 'unknown'; calls += 1)
    sent = await market.venue.massCancel({ reason: 'kill_switch', symbol: 'ACME' }, desk.deadline);
  expect(calls).toBeGreaterThan(1);
  expect(reads).toBe(0);
  for (const id of ids) expect(await market.facts(id)).toEqual(['canceled', 0, 0]);
  expect(await reconcile(store)).toMatchObject({ findings: [] });
});
