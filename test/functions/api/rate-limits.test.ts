import { afterEach, expect, test } from 'vitest';
import { configWith, startTestCell, type TestCell } from '../../support/cell.ts';

const two = { requestsPerMinute: 1, burst: 2 };
let cell: TestCell;
afterEach(() => cell.stop());

async function cellWith(rateLimits: Readonly<Record<string, unknown>>): Promise<TestCell> {
  const changes = Object.entries(rateLimits).map(([name, value]) => [`rateLimits.${name}`, value]);
  cell = await startTestCell({ config: configWith(Object.fromEntries(changes)) });
  return cell;
}

const clock = () => cell.ask(cell.key('first'), 'GET /v2/clock');

test('every answer says what the key has left', async () => {
  await cellWith({ default: two });
  const { status, headers } = await clock();
  expect(status).toBe(200);
  expect(headers.get('x-ratelimit-limit')).toBe('1');
  expect(headers.get('x-ratelimit-remaining')).toBe('1');
  const reset = Number(headers.get('x-ratelimit-reset'));
  expect(reset - cell.clock.now() / 1e6).toBeGreaterThan(50);
  const refusal = await cell.ask(cell.key('first'), 'GET /v2/orders/nothing');
  expect(refusal.headers.get('x-ratelimit-remaining')).toBe('0');
});

test('one more than may be is 429, says when to come back, and leaves other keys alone', async () => {
  await cellWith({ default: two });
  await clock();
  await clock();
  const { status, headers, body } = await clock();
  expect(status).toBe(429);
  expect(body).toMatchObject({ reason: 'rate_limited', code: 42910000, limit: '1 requests a minute' });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
  expect(headers.get('x-ratelimit-remaining')).toBe('0');
  expect((await cell.ask(cell.key('second'), 'GET /v2/clock')).status).toBe(200);
});

test('a throttled request uses up no idempotency key', async () => {
  await cellWith({ default: two });
  await clock();
  await clock();
  const headers = { 'idempotency-key': 'k1' };
  const body = { symbol: 'ALFA', qty: '1', side: 'buy', type: 'market', time_in_force: 'day' };
  expect((await cell.ask(cell.key('first'), 'POST /v2/orders', { body, headers })).status).toBe(429);
  const streams: string[] = [];
  for await (const { stream } of cell.cell.dependencies.store.heads(() => cell.deadline()))
    streams.push(stream);
  expect(streams.filter((stream) => stream.startsWith('order-'))).toEqual([]);
});

test('a limit by key comes before one by role, and that before the default', async () => {
  await cellWith({ default: two, byRole: { client: 'unlimited' } });
  for (let count = 0; count < 5; count += 1) expect((await clock()).status).toBe(200);
  expect((await clock()).headers.get('x-ratelimit-limit')).toBeNull();
  const keys = () => cell.ask(cell.key('administrator'), 'GET /v1/keys');
  expect([(await keys()).status, (await keys()).status, (await keys()).status]).toEqual([200, 200, 429]);
});

test('an address that was wrong too often waits, but not for keys that were right before', async () => {
  await cellWith({ failedAuthentication: two });
  expect((await clock()).status).toBe(200);
  const guess = { ...cell.key('second'), secret: 'x'.repeat(43) };
  const guesses = [];
  for (let count = 0; count < 4; count += 1) guesses.push((await cell.ask(guess, 'GET /v2/clock')).status);
  expect(guesses).toEqual([401, 401, 429, 429]);
  const { headers } = await cell.ask(undefined, 'GET /v2/clock');
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await clock()).status).toBe(200);
  expect((await cell.ask(undefined, 'GET /openapi.json')).status).toBe(200);
});
