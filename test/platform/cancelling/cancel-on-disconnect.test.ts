import { afterEach, expect, test } from 'vitest';
import { CancelOnDisconnect, disconnectTimes } from '../../../platform/cancelling/cancel-on-disconnect.ts';
import { silent } from '../../../platform/telemetry/silent.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { StepClock } from '../../support/step-clock.ts';
import { eventually } from '../../support/eventually.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const { graceMs, startGraceMs, everyMs } = disconnectTimes;

/** A cell with an order that no venue has seen, watched by an object of the test's own, in the test's own time. */
async function watched({ isAsked = true } = {}) {
  const cell = await startTestCell();
  stops.push(() => cell.stop());
  const body = { cancel_on_disconnect: isAsked };
  await cell.ask(cell.key('first'), 'PATCH /v2/account/configurations', { body });
  const id = await placed(cell);
  const clock = new StepClock(cell.cell.dependencies.clock.monotonicMs());
  const watch = new CancelOnDisconnect({ ...cell.cell.dependencies, clock, log: silent.log });
  watch.begin('s1');
  stops.push(async () => {
    const stopped = watch.stop();
    clock.advance(everyMs);
    await stopped;
  });
  const after = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += everyMs) await step(clock);
  };
  return { cell, id, watch, after, accountId: cell.key('first').accountId ?? '' };
}

async function placed(cell: TestCell): Promise<string> {
  const { body } = await cell.place({ time_in_force: 'opg', type: 'market', limit_price: undefined });
  await cell.cell.views.drained();
  return String(body['id']);
}

/** One round: begun, and over when the next one is waited for. */
async function step(clock: StepClock): Promise<void> {
  await eventually(() => expect(clock.sleeps).toBeGreaterThan(0), { everyMs: 1 });
  clock.sleeps = 0;
  clock.advance(everyMs);
  await eventually(() => expect(clock.sleeps).toBe(1), { everyMs: 1 });
}

async function status(cell: TestCell, id: string): Promise<unknown> {
  return (await cell.ask(cell.key('first'), `GET /v2/orders/${id}`)).body['status'];
}

test('orders end when the last of several streams has been gone for the grace, and say why', async () => {
  const { cell, id, watch, after, accountId } = await watched();
  watch.connected(accountId);
  watch.connected(accountId);
  watch.disconnected(accountId, 'c1');
  await after(2 * graceMs);
  expect(await status(cell, id)).toBe('accepted');
  watch.disconnected(accountId, 'c2');
  await after(graceMs - everyMs);
  expect(await status(cell, id)).toBe('accepted');
  await after(everyMs);
  expect(await status(cell, id)).toBe('canceled');
  const { list } = await cell.ask(cell.key('first'), `GET /v2/orders/${id}/events`);
  expect(list.at(-1)).toMatchObject({ command_id: '§ cancel connection c2' });
  expect(JSON.stringify(list.at(-1)?.['events'])).toContain('"reason":"disconnect"');
});

test('whoever is back within the grace keeps the orders', async () => {
  const { cell, id, watch, after, accountId } = await watched();
  watch.connected(accountId);
  watch.disconnected(accountId, 'c1');
  await after(graceMs - everyMs);
  watch.connected(accountId);
  await after(startGraceMs);
  expect(await status(cell, id)).toBe('accepted');
});

test('an account that did not ask for it keeps them', async () => {
  const { cell, id, watch, after, accountId } = await watched({ isAsked: false });
  watch.connected(accountId);
  watch.disconnected(accountId, 'c1');
  await after(startGraceMs);
  expect(await status(cell, id)).toBe('accepted');
});

test('a start counts as the end of every stream, with time to come back', async () => {
  const { cell, id, after } = await watched();
  await after(startGraceMs - everyMs);
  expect(await status(cell, id)).toBe('accepted');
  await after(2 * everyMs);
  expect(await status(cell, id)).toBe('canceled');
});
