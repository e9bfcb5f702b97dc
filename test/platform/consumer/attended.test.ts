import { expect, test } from 'vitest';
import { attendedByPlace } from '../../../platform/consumer/attended.ts';
import { nothingSwept } from '../../../platform/consumer/sweep.ts';
import { DeadlineExceeded, longestCallMs, remainingMs } from '../../../platform/deadline/deadline.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';

const heads = [
  { stream: 'order-1', version: 3 },
  { stream: 'order-2', version: 1 },
];

function consumer(isCaughtUp: boolean) {
  const clock = new VirtualClock();
  const waited: number[] = [];
  const seen = { name: 'exits', parked: async () => [], redrive: async () => ({ restored: 0, parked: 0 }) };
  const attended = attendedByPlace(
    seen,
    async (deadline) => {
      waited.push(remainingMs(deadline, clock));
      return isCaughtUp;
    },
    clock,
  );
  return { attended, waited };
}

test('whose feed has a durable place is swept by seeing that it has caught up', async () => {
  const { attended, waited } = consumer(true);
  expect(await attended.sweepHeads(heads)).toEqual({ ...nothingSwept, streams: 2 });
  expect(waited).toEqual([longestCallMs]);
});

test('whose feed does not catch up is told of as one that could not be swept', async () => {
  const { attended } = consumer(false);
  await expect(attended.sweepHeads(heads)).rejects.toThrow(DeadlineExceeded);
});
