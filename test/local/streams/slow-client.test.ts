import { afterEach, expect, test, vi } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { StreamClient, upTo } from '../../support/stream-client.ts';
import { unhurried } from '../../../platform/deadline/deadline.ts';
import { eventually } from '../../support/eventually.ts';

let cell: TestCell | undefined;
const clients: StreamClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await cell?.stop();
  cell = undefined;
});

/** Reads a little, then never again; the machine's own buffers take megabytes before anybody notices. */
test('a client that stops reading is dropped, its memory bounded, while the others hear all in time', async () => {
  cell = await startTestCell({ streams: { limits: { writeMs: 300, closeMs: 100 } } });
  const open = cell;
  const key = open.key('first');
  const slow = await new StreamClient(open.address).listening(key);
  const quick = await new StreamClient(open.address).listening(key);
  clients.push(slow, quick);
  slow.socket.pause();
  const dropped = open.cell.dependencies.telemetry.metrics.counter('streams_dropped', { reason: 'slow' });
  const add = vi.spyOn(dropped, 'add');
  const feed = open.cell.dependencies.accountFeed;
  // As many as fill what two kernels keep for a connection, and fewer than an account may have open.
  for (let round = 0; round < 190 && openStreams(open) === 2; round += 1) {
    await Promise.all(
      upTo(50).map(() => open.place({ qty: '1', limit_price: '1', client_order_id: undefined })),
    );
    await open.cell.views.drained();
    await quick.hasUpTo(await feed.latest(key.accountId ?? '', unhurried));
  }
  await eventually(() => expect(openStreams(open)).toBe(1));
  expect(add).toHaveBeenCalledTimes(1);
  const last = await feed.latest(key.accountId ?? '', unhurried);
  expect(quick.numbers).toEqual(upTo(last));
  slow.socket.resume();
  await eventually(() => expect(slow.closed).toBeDefined());
  const had = slow.numbers.at(-1) ?? 0;
  const again = await new StreamClient(open.address).listening(key, { since_id: String(had) });
  clients.push(again);
  await again.hasUpTo(last);
  expect([...slow.numbers, ...again.numbers]).toEqual(upTo(last));
}, 60_000);

function openStreams({ cell: { dependencies } }: TestCell): number {
  return dependencies.streamSlots.open;
}
