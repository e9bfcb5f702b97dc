import { expect, test } from 'vitest';
import { accountStream } from '../../../domain/account/state.ts';
import { orderStream } from '../../../domain/order/effects.ts';
import { transferStream } from '../../../domain/transfer/state.ts';
import { accountId as toAccountId, orderId as toOrderId } from '../../../domain/values/ids.ts';
import { money } from '../../../domain/values/money.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { EventStore } from '../../../platform/event-store/port.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { Desk } from '../../support/desk.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';
import { accept, bust, cancel, execution, place, replace, rules } from '../../support/order.ts';

const fees = { ratePpm: 1_000, perLotMicros: 0, minimum: 35 };
const buy = toOrderId('buy');

/** A short day of one account. Every step can be repeated: it has an id, or a key of its own. */
const steps: readonly ((desk: Desk, key: ReturnType<typeof keyed>) => Promise<unknown>)[] = [
  (desk, key) =>
    desk.accounts.handle(
      accountStream('a'),
      { do: 'open', accountId: toAccountId('a'), currency: 'USD' },
      desk.context(key),
    ),
  (desk, key) => transfer(desk, key, 'in', 200_000),
  (desk, key) =>
    desk.command(
      buy,
      { ...place({ rules: rules({ fees }) }), orderId: buy, accountId: toAccountId('a') },
      desk.context(key),
    ),
  (desk, key) => desk.report(buy, accept, desk.context(key)),
  (desk) => desk.report(buy, execution('e-1', 4, 9_950)),
  (desk, key) =>
    desk.command(buy, replace('r', { quantity: '12' }, { rules: rules({ fees }) }), desk.context(key)),
  (desk, key) => desk.report(buy, { report: 'confirm-replace' }, desk.context(key)),
  (desk) => desk.report(buy, execution('e-2', 3)),
  (desk, key) => desk.report(buy, bust('e-1'), desk.context(key)),
  (desk, key) => desk.command(buy, cancel('c'), desk.context(key)),
  (desk, key) => desk.report(buy, { report: 'confirm-cancel' }, desk.context(key)),
  (desk, key) => transfer(desk, key, 'out', 50_000),
];

function keyed(step: number) {
  return { key: { commandId: `k-${step}`, requestHash: 'hash' } };
}

function transfer(desk: Desk, key: ReturnType<typeof keyed>, direction: 'in' | 'out', cents: number) {
  const asset = { kind: 'cash', currency: 'USD', amount: money(cents) } as const;
  const request = {
    do: 'request',
    transferId: direction,
    accountId: toAccountId('a'),
    direction,
    requested: { asset: 'USD', amount: 'some' },
    asset,
    approvalAbove: 'unlimited',
    epoch: 1,
  } as const;
  return desk.transfers.handle(transferStream(direction), request, desk.context(key));
}

/** Kills the process at append number `at`, before or after it is written. */
function killing(store: EventStore, at: number, when: 'before' | 'after'): { readonly count: () => number } {
  let appends = 0;
  const append = store.append.bind(store);
  store.append = async (...call) => {
    appends += 1;
    if (appends !== at) return append(...call);
    if (when === 'after') await append(...call);
    throw new Killed('killed');
  };
  return { count: () => appends };
}

class Killed extends Error {
  override readonly name = 'Killed';
}

/** Goes through the day; after a crash a new process repeats the step that was in work. */
async function live(store: EventStore): Promise<void> {
  const clock = new VirtualClock();
  let desk = new Desk(store, clock);
  for (const [index, step] of steps.entries()) {
    try {
      await step(desk, keyed(index));
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      desk = new Desk(store, clock);
      await step(desk, keyed(index));
    }
    expect(desk.quarantined).toEqual([]);
  }
}

async function outcomeOf(store: EventStore) {
  const desk = new Desk(store);
  const { state } = await desk.orders.load(orderStream(buy), desk.deadline);
  const facts = state.kind === 'order' ? { ...state, times: undefined } : state;
  return {
    facts,
    account: await desk.item('a'),
    position: await desk.position('a'),
    types: await desk.types(orderStream(buy)),
  };
}

test('a process that dies at any write, and one that takes over, come to the same day', async () => {
  const undisturbed = new MemoryEventStore();
  const writes = killing(undisturbed, 0, 'before');
  await live(undisturbed);
  const expected = await outcomeOf(undisturbed);
  expect(expected.account).toMatchObject({ openOrders: 0, held_USD: 0 });
  expect(expected.position).toMatchObject({ available: 3, exposure: 3 });
  expect(writes.count()).toBeGreaterThan(15);
  for (let at = 1; at <= writes.count(); at += 1) {
    for (const when of ['before', 'after'] as const) {
      const store = new MemoryEventStore();
      killing(store, at, when);
      await live(store);
      expect({ at, when, ...(await outcomeOf(store)) }).toEqual({ at, when, ...expected });
      expect(await reconcile(store)).toMatchObject({ findings: [] });
    }
  }
});

test('an answer that is lost at any write changes nothing', async () => {
  const undisturbed = new MemoryEventStore();
  const writes = killing(undisturbed, 0, 'before');
  await live(undisturbed);
  const expected = await outcomeOf(undisturbed);
  for (let at = 1; at <= writes.count(); at += 1) {
    const store = new MemoryEventStore();
    let appends = 0;
    const append = store.append.bind(store);
    store.append = async (...call) => {
      appends += 1;
      const result = await append(...call);
      if (appends === at) throw new StoreUnavailable('answer lost');
      return result;
    };
    await live(store);
    expect({ at, ...(await outcomeOf(store)) }).toEqual({ at, ...expected });
    expect(await reconcile(store)).toMatchObject({ findings: [] });
  }
});
