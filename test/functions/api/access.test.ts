import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Access } from '../../../functions/api/door/caller.ts';
import { httpFunctions } from '../../../functions/manifest.ts';
import type { DemoKey } from '../../../local/demo.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';

const nobody = '8dab87c1-0e2e-5bd7-8ad7-01d7d3972620';
const routes = httpFunctions.flatMap(({ trigger }) => [...trigger.routes]);
const concrete = (route: string) => route.replaceAll(/\{[a-z_]+\}/g, nobody);
/** What goes on for ever is asked for what is over. */
const ended = (route: string) => (route === 'GET /v2/events/trades' ? `${route}?until_id=0` : route);

let cell: TestCell;
const keys = new Map<string, DemoKey>();

beforeAll(async () => {
  cell = await startTestCell();
  keys.set('client', cell.key('first')).set('administrator', cell.key('administrator'));
  for (const role of ['operator', 'risk', 'auditor']) {
    keys.set(role, await cell.issue({ role, person_id: role }));
  }
  keys.set('venue', await cell.issue({ role: 'venue', venue_id: 'XSIM', person_id: 'connector' }));
});
afterAll(() => cell.stop());

function allowedBy(access: Access): readonly string[] {
  if (access === 'public') return [...keys.keys()];
  return access === 'trading' ? ['client'] : access;
}

describe('every route lets in exactly the roles the manifest names', () => {
  for (const { route, access } of routes) {
    test(route, async () => {
      const allowed = allowedBy(access);
      for (const [role, key] of keys) {
        const { body } = await cell.ask(key, ended(concrete(route)), {
          headers: { 'idempotency-key': role },
        });
        expect([role, body['reason'] === 'not_permitted']).toEqual([role, !allowed.includes(role)]);
      }
    });
  }
});

test('without a key, with a wrong secret and with a revoked key the answer is the same', async () => {
  const revoked = await cell.issue({ role: 'operator', person_id: 'leaver' });
  expect((await cell.ask(revoked, 'GET /v1/approvals')).status).toBe(200);
  await cell.ask(cell.key('administrator'), `DELETE /v1/keys/${revoked.keyId}`);
  const wrong = { ...cell.key('first'), secret: 'x'.repeat(43) };
  const answers = await Promise.all(
    [undefined, wrong, revoked].map((key) => cell.ask(key, 'GET /v2/account')),
  );
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
});

test('HTTP Basic is as good as the headers', async () => {
  const { keyId, secret } = cell.key('administrator');
  const authorization = `Basic ${Buffer.from(`${keyId}:${secret}`).toString('base64')}`;
  expect((await cell.ask(undefined, 'GET /v1/keys', { headers: { authorization } })).status).toBe(200);
});

test("another account's order is answered exactly like one that never was", async () => {
  const { body } = await cell.place({ client_order_id: 'secret' });
  const id = String(body['id']);
  const stranger = cell.key('second');
  const asks = [
    (order: string) => cell.ask(stranger, `GET /v2/orders/${order}`),
    (order: string) => cell.ask(stranger, `GET /v2/orders/${order}/events`),
    (order: string) => cell.ask(stranger, `DELETE /v2/orders/${order}`),
    (order: string) => cell.ask(stranger, `PATCH /v2/orders/${order}`, { body: { qty: '1' } }),
    (order: string) => cell.ask(stranger, `GET /v2/orders?after_order_id=${order}`),
  ];
  for (const ask of asks) {
    const [theirs, none] = [await ask(id), await ask(nobody)];
    expect(theirs.status).toBe(404);
    expect([theirs.status, theirs.body]).toEqual([none.status, none.body]);
  }
  const byName = await cell.ask(stranger, 'GET /v2/orders:by_client_order_id?client_order_id=secret');
  expect(byName.status).toBe(404);
  expect((await cell.place({ client_order_id: 'secret' }, stranger)).status).toBe(200);
});
