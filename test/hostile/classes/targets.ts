import { httpFunctions } from '../../../functions/manifest.ts';
import type { Prng } from '../../simulation/prng.ts';
import { type Gun, shot } from '../shot.ts';
import type { Caller } from '../world.ts';

const methods = [
  'TRACE',
  'OPTIONS',
  'PUT',
  'POST',
  'PATCH',
  'DELETE',
  'PROPFIND',
  'PURGE',
  'LOCK',
  'M-SEARCH',
  'REPORT',
  'SEARCH',
  'COPY',
] as const;
const wrongPaths = [
  '/',
  '//',
  '/v2',
  '/v2/',
  '/v2/orders/',
  '//v2/orders',
  '/v2//orders',
  '/V2/orders',
  '/v2/Orders',
  '/v3/orders',
  '/v2/orders/../../v1/keys',
  '/v2/%2e%2e/v1/keys',
  '/v2/..%2fv1/keys',
  '/v2/orders/%00',
  '/v2/orders/%',
  '/v2/orders/%zz',
  '/v2/orders/%c0%ae',
  '/v2/orders;x=1',
  '/v2/orders%20',
  '/v2/orders%3f',
  '/v2/orders#x',
  '/.env',
  '/.git/config',
  '/package.json',
  '/local/seed.json',
  '/data/demo-keys.json',
  '/../../etc/passwd',
  '*',
  '/v1/keys/..',
  '/v2/orders/a/b/c/d',
  '/v2/orders:by_client_order_id/',
  '/admin',
  '/%2F%2Fv2',
  '/v2/orders/%F0%9F%92%A9',
  '/v2/\\orders',
  '/v2/orders/%5c..',
  'http://cell/v2/nowhere',
  'http://evil.example/v1/keys',
  '/v2/orders/{order_id}',
  '/v2/assets/..%2f..%2fkeys',
] as const;

export const methodsAndPaths: Gun = (random, world) => {
  const key = random.chance(0.5) ? world.key('first') : undefined;
  if (random.chance(0.6)) return shot(`GET ${random.pick(wrongPaths)}`, { key }, { mayClose: true });
  const method = random.pick(methods);
  const path = random.pick(['/v2/clock', '/v2/account', '/v1/reconcile', '/healthz', '/readyz']);
  return shot(`${method} ${path}`, { key }, { mayClose: true });
};

const queries = [
  'limit=-1',
  'limit=0',
  'limit=501',
  'limit=1e2',
  'limit=NaN',
  'limit=1.5',
  'limit=',
  'limit=1&limit=2',
  'limit[]=1',
  'limit=%00',
  'status=OPEN',
  'status=',
  'after=9999-01-01',
  'after=2300-01-01T00:00:00Z',
  'until=0000-01-01',
  'after=yesterday',
  'after=2026-13-45',
  'after=9999999999999',
  'until=1',
  'direction=up',
  'symbols=',
  `symbols=${'A,'.repeat(150)}A`,
  'side=both',
  'nested=perhaps',
  'page_token=x',
  '%ff=1',
  'constructor=1',
  '__proto__[x]=1',
  'status=all;DROP',
  `x=${'y'.repeat(8_000)}`,
  'before_order_id=x',
  'after_order_id=..%2f',
  'before_order_id=8dab87c1-0e2e-5bd7-8ad7-01d7d3972620&after=2026-01-01T00:00:00Z',
  'after=2026-01-01T00:00:00+02:00',
  'symbols=%00',
  'asset_class=%00%00&limit=x',
] as const;

export const hostileQueries: Gun = (random, world) => {
  const key = world.key('first');
  const query = random.pick(queries);
  if (random.chance(0.7)) return shot(`GET /v2/orders?${query}`, { key });
  return shot(`GET /v1/approvals?${query}x=1`, { key: world.key('auditor') });
};

const pieces = [
  '8dab87c1-0e2e-5bd7-8ad7-01d7d3972620',
  '8DAB87C1-0E2E-5BD7-8AD7-01D7D3972620',
  '0',
  '-1',
  'null',
  'undefined',
  'NaN',
  '__proto__',
  'constructor',
  '..',
  '%2e%2e',
  '%00',
  '%0d%0a',
  "'%20OR%201=1",
  '%F0%9F%92%A9',
  'x'.repeat(2_000),
  'ALFA',
  '%7B%7D',
  '*',
  '%25',
  '%ff',
  'order-x',
  'key-x',
  'a%2fb',
  '$ne',
  '%E2%80%AE',
] as const;
const bodies = [
  '',
  '{}',
  '[]',
  'null',
  '1',
  '"x"',
  '{"__proto__":{"x":1}}',
  '{"amount":-1}',
  '{"amount":"1e9","direction":"INCOMING"}',
  '{"role":"god"}',
  '{"role":["client"]}',
  '{"price":"NaN"}',
  '{"price":-1}',
  '{"price":1e400}',
  '{"reason":null}',
  '{"reason":{}}',
  '{"reason":""}',
  '{"on":"true"}',
  '{"on":1,"reason":"x"}',
  '{"report":"explode"}',
  '{"report":"execute","qty":"-1","price":"1","execution_id":"x"}',
  '{"currency":"XXX"}',
  '{"currency":["USD"]}',
  '{"qty":{"$gt":""}}',
  `{"reason":"${'x'.repeat(5_000)}"}`,
  '{"suspend_trade":"yes"}',
  '{"suspend_trade":{}}',
  '{"document":{}}',
  '{"url":"file:///etc/passwd"}',
  '{"url":"http://127.0.0.1:1"}',
  '{',
  '\u0000',
] as const;

const routes = httpFunctions.flatMap(({ trigger }) => [...trigger.routes]);

/** What asks for a body and is one of these by accident, or takes none, and is right by itself. */
const isHarmless = (route: string, body: string) =>
  route.startsWith('GET ') ||
  /^DELETE \/v2\/(?:orders|positions)$/.test(route) ||
  (route === 'POST /v1/accounts' && ['', '{}'].includes(body)) ||
  (route === 'PATCH /v2/account/configurations' && ['', '{}'].includes(body)) ||
  route.endsWith('/redrive');

/** Nonsense at every door there is, from somebody who may knock there: new routes are found by themselves. */
export const everyRoute: Gun = (random, world) => {
  const { route, access } = random.any(routes) ?? routes[0] ?? { route: 'GET /v2/clock', access: 'trading' };
  const caller = typeof access === 'string' ? 'first' : somebody(random, access);
  const line = route.replaceAll(/\{[a-z_]+\}/g, () => random.pick(pieces));
  const body = route.startsWith('GET ') ? '' : random.pick(bodies);
  const headers = random.chance(0.7) ? ([['idempotency-key', random.id()]] as const) : [];
  return shot(
    line,
    { key: world.key(caller), headers, body },
    { mayPass: isHarmless(route, body), mayClose: true },
  );
};

function somebody(random: Prng, roles: readonly string[]): Caller {
  const callers = (['administrator', 'operator', 'risk', 'auditor', 'venue'] as const).filter((role) =>
    roles.includes(role),
  );
  return random.any(callers) ?? 'administrator';
}
