import { expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { within } from '../../../platform/clock/within.ts';

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

test('a wait that something else ended leaves no timer behind', async () => {
  const before = timers();
  const result = await within(Promise.resolve('there'), 60_000, { clock: systemClock, otherwise: 'late' });
  expect([result, timers()]).toEqual(['there', before]);
});

test('what does not come in time is what was agreed for that', async () => {
  const { promise } = Promise.withResolvers<string>();
  expect(await within(promise, 1, { clock: systemClock, otherwise: 'late' })).toBe('late');
});

test('a failure is passed on, and leaves no timer behind either', async () => {
  const before = timers();
  const failing = within(Promise.reject(new Error('broken')), 60_000, {
    clock: systemClock,
    otherwise: undefined,
  });
  await expect(failing).rejects.toThrow('broken');
  expect(timers()).toBe(before);
});

test('a sleep that is cut short before it begins ends at once', async () => {
  const before = timers();
  await systemClock.sleep(60_000, AbortSignal.abort());
  expect(timers()).toBe(before);
});
