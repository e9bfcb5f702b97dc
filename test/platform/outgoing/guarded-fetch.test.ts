import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { boundedFetch } from '../../../platform/outgoing/bounded-fetch.ts';
import { guardedFetch } from '../../../platform/outgoing/guarded-fetch.ts';
import { ReachableAddresses } from '../../../platform/outgoing/reachable-addresses.ts';
import type { ResolveName } from '../../../platform/outgoing/resolve-name.ts';

let server: Server;
let port = 0;
let asked = 0;
beforeEach(async () => {
  asked = 0;
  server = createServer((_, answer) => {
    asked += 1;
    answer.writeHead(302, { location: 'http://169.254.169.254/' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterEach(() => server.close());

const loopbackAllowed = new ReachableAddresses(['127.0.0.0/8']);

function call(host: string, resolve: ResolveName, reachable = loopbackAllowed) {
  return guardedFetch(
    new URL(`http://${host}:${port}/`),
    { method: 'POST', body: '{}' },
    deadlineIn(2_000, systemClock),
    { clock: systemClock, reachable, resolve },
  );
}

const nobodyAsks: ResolveName = () => Promise.reject(new Error('nobody was to ask'));

test('a loopback address is not called, however it is written', async () => {
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '0']) {
    const outcome = await call(host, nobodyAsks, new ReachableAddresses());
    expect([host, outcome]).toMatchObject([host, { outcome: 'failed', reason: 'address_forbidden' }]);
  }
  expect(asked).toBe(0);
});

test('one forbidden address among those of a name is enough', async () => {
  const outcome = await call('mixed.test', async () => ['127.0.0.1', '10.0.0.1']);
  expect(outcome).toMatchObject({ outcome: 'failed', reason: 'address_forbidden' });
  expect(asked).toBe(0);
});

test('a name server that answers otherwise the second time is asked once, and its first answer is where the call goes', async () => {
  let questions = 0;
  const rebinding: ResolveName = async () => {
    questions += 1;
    return questions === 1 ? ['127.0.0.1'] : ['169.254.169.254'];
  };
  expect(await call('rebinding.test', rebinding)).toMatchObject({ outcome: 'answered', status: 302 });
  expect([questions, asked]).toEqual([1, 1]);
});

test('a redirect is an answer and is not followed', async () => {
  expect(await call('127.0.0.1', nobodyAsks)).toMatchObject({ outcome: 'answered', status: 302 });
  expect(asked).toBe(1);
});

test('a name without an address is unreachable', async () => {
  const none = await call('none.test', async () => []);
  const failing = await call('none.test', () => Promise.reject(new Error('ENOTFOUND')));
  for (const outcome of [none, failing]) expect(outcome).toMatchObject({ reason: 'unreachable' });
});

test('nothing is sent to where a connection ended up against all checks', async () => {
  const received = new Promise<number>((resolve) =>
    server.once('connection', (socket) => socket.once('close', () => resolve(socket.bytesRead))),
  );
  const outcome = await boundedFetch(
    new URL(`http://127.0.0.1:${port}/`),
    { method: 'POST', body: 'a secret' },
    deadlineIn(2_000, systemClock),
    { clock: systemClock, accepts: () => false },
  );
  expect(outcome).toMatchObject({ outcome: 'failed', reason: 'address_forbidden' });
  expect([await received, asked]).toEqual([0, 0]);
});
