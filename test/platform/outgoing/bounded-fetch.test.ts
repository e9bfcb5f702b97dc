import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { boundedFetch } from '../../../platform/outgoing/bounded-fetch.ts';

const running: Server[] = [];
afterEach(() => {
  for (const server of running.splice(0)) server.close();
});

async function listening(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  running.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook`);
}

const soon = () => deadlineIn(2_000, systemClock);
const bounds = { clock: systemClock };

test('sends what it was given and gives back what was answered', async () => {
  const url = await listening((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(201, { 'x-method': request.method, 'x-given': request.headers['x-signature'] });
      response.end(Buffer.concat(chunks));
    });
  });
  const outgoing = { method: 'POST', headers: { 'x-signature': 's' }, body: '{"ü":1}' } as const;
  const outcome = await boundedFetch(url, outgoing, soon(), bounds);
  expect(outcome).toMatchObject({
    outcome: 'answered',
    status: 201,
    headers: { 'x-method': 'POST', 'x-given': 's' },
    body: '{"ü":1}',
  });
});

test('does not follow a redirect', async () => {
  let asked = 0;
  const url = await listening((_request, response) => {
    asked += 1;
    response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
  });
  const outcome = await boundedFetch(url, { method: 'GET' }, soon(), bounds);
  expect(outcome).toMatchObject({ status: 302, headers: { location: 'http://169.254.169.254/' } });
  expect(asked).toBe(1);
});

test('reads no more of an answer than it was told to', async () => {
  let sent = 0;
  const url = await listening((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(10_000))) sent += 10_000;
    };
    response.on('drain', more);
    more();
  });
  const outcome = await boundedFetch(url, { method: 'GET' }, soon(), { ...bounds, answerBytesMax: 50_000 });
  expect(outcome).toMatchObject({ outcome: 'failed', reason: 'answer_too_large' });
  expect(sent).toBeLessThan(20_000_000);
});

test('connects to the address its lookup gives, and to none that it refuses', async () => {
  const url = await listening((request, response) => response.end(request.headers.host));
  const named = new URL(`http://hook.example:${url.port}/`);
  const found = await boundedFetch(named, { method: 'GET' }, soon(), {
    ...bounds,
    lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  expect(found).toMatchObject({ status: 200, body: `hook.example:${url.port}` });
  const refused = await boundedFetch(named, { method: 'GET' }, soon(), {
    ...bounds,
    lookup: (_name, _options, done) => done(new Error('a private address'), ''),
  });
  expect(refused).toMatchObject({ reason: 'unreachable', cause: { message: 'a private address' } });
});

test('nobody there, a connection that breaks in the body, and no time left are values', async () => {
  const url = await listening((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('x', () => response.destroy());
  });
  expect(await boundedFetch(url, { method: 'GET' }, soon(), bounds)).toMatchObject({ reason: 'unreachable' });
  const nobody = await boundedFetch(new URL('http://127.0.0.1:1/'), { method: 'GET' }, soon(), bounds);
  expect(nobody).toMatchObject({ reason: 'unreachable' });
  const late = await boundedFetch(url, { method: 'GET' }, deadlineIn(0, systemClock), bounds);
  expect(late).toMatchObject({ reason: 'out_of_time' });
});
