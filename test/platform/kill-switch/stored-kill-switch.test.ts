import { expect, test } from 'vitest';
import type { Item } from '../../../domain/account/items.ts';
import { timestamp } from '../../../domain/values/time.ts';
import { killSwitch } from '../../../platform/aggregates/kill-switch.ts';
import type { Clock } from '../../../platform/clock/clock.ts';
import { CommandHandler } from '../../../platform/command-handler/command-handler.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { StoredKillSwitch } from '../../../platform/kill-switch/stored-kill-switch.ts';
import { systemRandom } from '../../../platform/random/random.ts';

/** A store whose reads of one item are counted, and can fail or wait. */
class CountedStore extends MemoryEventStore {
  reads = 0;
  isDown = false;
  gate: Promise<void> = Promise.resolve();

  override async readItem(...request: Parameters<MemoryEventStore['readItem']>): Promise<Item | undefined> {
    this.reads += 1;
    if (this.isDown) throw new StoreUnavailable('down');
    const item = await super.readItem(...request);
    await this.gate;
    return item;
  }
}

function given() {
  let nowMs = 1_000;
  const clock: Clock = {
    now: () => timestamp(Math.floor(nowMs * 1_000)),
    monotonicMs: () => nowMs,
    sleep: () => Promise.resolve(),
  };
  const store = new CountedStore();
  const process = () => {
    const handler = new CommandHandler({
      aggregate: killSwitch,
      store,
      clock,
      random: systemRandom,
      cell: 'test',
      onQuarantine: () => undefined,
    });
    return new StoredKillSwitch({ store, clock, cell: 'test', handler });
  };
  const deadline = () => deadlineIn(3_000, clock);
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { store, process, deadline, pass };
}

const throwFirm = {
  do: 'throw',
  scope: { of: 'firm' },
  allowReducing: false,
  reason: 'r',
  by: 'ann',
} as const;
const actor = { kind: 'risk', id: 'ann' } as const;

test('a thousand orders within a second cost one read', async () => {
  const { store, process, deadline, pass } = given();
  const here = process();
  await Promise.all(Array.from({ length: 500 }, () => here.inForce(deadline())));
  pass(999);
  await Promise.all(Array.from({ length: 500 }, () => here.inForce(deadline())));
  expect(store.reads).toBe(1);
  pass(1);
  await Promise.all(Array.from({ length: 500 }, () => here.inForce(deadline())));
  expect(store.reads).toBe(2);
});

test('a switch thrown here is in force with the next order, and elsewhere within a second', async () => {
  const { process, deadline, pass } = given();
  const [here, elsewhere] = [process(), process()];
  await Promise.all([here.inForce(deadline()), elsewhere.inForce(deadline())]);
  await here.change(throwFirm, { actor, deadline: deadline() });
  expect((await here.inForce(deadline())).thrown).toHaveLength(1);
  expect((await elsewhere.inForce(deadline())).thrown).toHaveLength(0);
  pass(1_000);
  expect(await elsewhere.inForce(deadline())).toMatchObject({ version: 1, thrown: [{ thrown: 1 }] });
});

test('a read that was under way when a switch was thrown here is not kept', async () => {
  const { store, process, deadline } = given();
  const here = process();
  const { promise, resolve } = Promise.withResolvers<void>();
  store.gate = promise;
  const early = here.inForce(deadline());
  store.gate = Promise.resolve();
  await here.change(throwFirm, { actor, deadline: deadline() });
  resolve();
  expect((await early).thrown).toHaveLength(0);
  expect((await here.inForce(deadline())).thrown).toHaveLength(1);
});

test('while the store is down what is known stays in force for two seconds, then nothing may trade', async () => {
  const { store, process, deadline, pass } = given();
  const here = process();
  await here.inForce(deadline());
  store.isDown = true;
  pass(1_999);
  expect(await here.inForce(deadline())).toMatchObject({ version: 0 });
  pass(1);
  await expect(here.inForce(deadline())).rejects.toMatchObject({
    name: 'KillSwitchUnknown',
    retryable: true,
  });
  store.isDown = false;
  expect(await here.inForce(deadline())).toMatchObject({ version: 0 });
});

test('an answer that took too long decides nothing', async () => {
  const { store, process, deadline, pass } = given();
  const here = process();
  const { promise, resolve } = Promise.withResolvers<void>();
  store.gate = promise;
  const asked = here.inForce(deadline());
  pass(2_000);
  resolve();
  await expect(asked).rejects.toMatchObject({ name: 'KillSwitchUnknown' });
});
