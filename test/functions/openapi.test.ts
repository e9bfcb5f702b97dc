import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { descriptions } from '../../functions/api/openapi/descriptions.ts';
import { openApiDocument } from '../../functions/api/openapi/document.ts';
import { httpFunctions } from '../../functions/manifest.ts';
import { startTestCell, type TestCell } from '../support/cell.ts';
import { type Exchange, undocumented } from '../support/documented.ts';

const routes: readonly string[] = httpFunctions.flatMap(({ trigger }) =>
  [...trigger.routes].map(({ route }) => route),
);
const document = openApiDocument(httpFunctions, descriptions);

let cell: TestCell;
beforeAll(async () => {
  cell = await startTestCell();
});
afterAll(() => cell.stop());

test('every route is described, and nothing else is', () => {
  expect(Object.keys(descriptions).toSorted()).toEqual(routes.toSorted());
});

test('the document is served to anybody, whole', async () => {
  const { status, body } = await cell.ask(undefined, 'GET /openapi.json');
  expect(status).toBe(200);
  expect(body).toEqual(JSON.parse(JSON.stringify(document)));
});

test('everything it points at is there', () => {
  const text = JSON.stringify(document);
  const targets = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  const missing = targets.filter(
    (path) => path.split('/').reduce<unknown>((value, name) => Object(value)[name], document) === undefined,
  );
  expect(targets.length).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});

test('every operation has a name of its own, and says who may ask', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  const ids = operations.map((operation) => Reflect.get(Object(operation), 'operationId'));
  expect(new Set(ids).size).toBe(routes.length);
});

describe('what an answer says beyond the document is found', () => {
  const honest: Exchange = {
    method: 'GET',
    path: '/v2/clock',
    sent: undefined,
    status: 200,
    headers: new Headers({ 'content-type': 'application/json' }),
    text: '{"timestamp":"2026-11-23T15:00:00.000000Z","is_open":true,"next_open":null,"next_close":null}',
  };
  const order = { symbol: 'ALFA', qty: 1, side: 'buy', type: 'market', time_in_force: 'day' };

  test('an honest one passes', () => {
    expect(undocumented(honest)).toEqual([]);
  });

  test.each<[string, Partial<Exchange>]>([
    ['a member too many', { text: honest.text.replace('{', '{"more":1,') }],
    ['a member of another kind', { text: honest.text.replace('true', '"yes"') }],
    ['another status', { status: 418 }],
    ['another content type', { headers: new Headers({ 'content-type': 'text/html' }) }],
    ['a parameter nobody knows', { path: '/v2/clock?market=xetra' }],
    [
      'a reason that is not listed',
      { status: 404, text: '{"code":1,"message":"","reason":"order_unknown"}' },
    ],
  ])('%s does not', (_what, changes) => {
    expect(undocumented({ ...honest, ...changes })).not.toEqual([]);
  });

  test.each([
    ['a field nobody knows', { ...order, colour: 'red' }],
    ['a negative quantity', { ...order, qty: -1 }],
    ['an order that asks for what is not supported', { ...order, extended_hours: true }],
  ])('%s, had it been taken, would be found', (_what, body) => {
    const taken = { method: 'POST', path: '/v2/orders', sent: JSON.stringify(body) };
    expect(undocumented({ ...honest, ...taken }).join()).toContain('POST /v2/orders took');
  });
});
