import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';

let cell: TestCell;
beforeAll(async () => {
  cell = await startTestCell();
});
afterAll(() => cell.stop());

const issue = (body: unknown, key?: string, who = cell.key('administrator')) =>
  cell.ask(who, 'POST /v1/keys', { body, headers: key === undefined ? {} : { 'idempotency-key': key } });
const count = async () => (await cell.ask(cell.key('administrator'), 'GET /v1/keys')).list.length;

test('the same Idempotency-Key issues one key, and its secret is shown once', async () => {
  const before = await count();
  const first = await issue({ role: 'auditor', person_id: 'ann' }, 'k-1');
  const [again, ...others] = await Promise.all(
    [1, 2, 3].map(() => issue({ role: 'auditor', person_id: 'ann' }, 'k-1')),
  );
  const { secret, ...shown } = first.body;
  expect(secret).toMatch(/^[\w-]{43}$/);
  for (const one of [again, ...others]) {
    expect([one?.status, one?.body]).toEqual([201, shown]);
    expect(one?.headers.get('idempotency-replayed')).toBe('true');
  }
  expect(await count()).toBe(before + 1);
  const key = { name: '', role: 'auditor', keyId: String(shown['id']), secret: String(secret) };
  expect((await cell.ask(key, 'GET /v1/keys')).status).toBe(200);
});

test('it stands for one request, and for one person', async () => {
  await issue({ role: 'auditor', person_id: 'ann' }, 'k-2');
  const other = await issue({ role: 'risk', person_id: 'ann' }, 'k-2');
  expect([other.status, other.body['reason']]).toEqual([422, 'idempotency_key_reused']);
  const bea = await cell.issue({ role: 'administrator', person_id: 'bea' });
  const hers = await issue({ role: 'auditor', person_id: 'ann' }, 'k-2', bea);
  expect(hers.headers.has('idempotency-replayed')).toBe(false);
  expect(hers.body['secret']).toBeDefined();
});

test('without one every call issues a key', async () => {
  const [one, other] = [
    await issue({ role: 'risk', person_id: 'c' }),
    await issue({ role: 'risk', person_id: 'c' }),
  ];
  expect(one.body['id']).not.toBe(other.body['id']);
});

test.each(['x-sim', 'x@sim', 'x'.repeat(33)])(
  "%s is no venue's name, for a key as for a report",
  async (name) => {
    const forKey = await issue({ role: 'venue', venue_id: name, person_id: 'connector' });
    const { body } = await cell.place();
    const forReport = await cell.ask(
      cell.key('administrator'),
      `POST /v1/orders/${String(body['id'])}/reports`,
      {
        body: { report: 'suspend', venue_id: name },
        headers: { 'idempotency-key': name },
      },
    );
    expect(forKey.body).toEqual(forReport.body);
    expect(forKey.body).toMatchObject({ reason: 'field_invalid', field: 'venue_id' });
  },
);

test('the last key of an administrator in force is not revoked; another one has to be issued first', async () => {
  const own = await startTestCell();
  try {
    const last = own.key('administrator');
    const revoke = (keyId: string, by = last) => own.ask(by, `DELETE /v1/keys/${keyId}`);
    const gone = await own.issue({ role: 'administrator', person_id: 'gone' });
    await own.issue({ role: 'operator', person_id: 'no administrator' });
    expect((await revoke(gone.keyId)).status).toBe(204);
    expect((await revoke(gone.keyId)).status).toBe(204);
    expect(await revoke(last.keyId)).toMatchObject({
      status: 409,
      body: {
        reason: 'last_administrator_key',
        message: 'No other key of an administrator is in force; issue another administrator key first.',
      },
    });
    const next = await own.issue({ role: 'administrator', person_id: 'next' });
    expect((await revoke(last.keyId)).status).toBe(204);
    expect((await own.ask(next, 'GET /v1/keys')).status).toBe(200);
  } finally {
    await own.stop();
  }
});

test('of two administrators who revoke each other at the same moment one stays', async () => {
  const own = await startTestCell();
  try {
    const one = own.key('administrator');
    const other = await own.issue({ role: 'administrator', person_id: 'other' });
    // Both are let in, and both find the other in force, before either writes.
    const { store } = own.cell.dependencies;
    const append = store.append.bind(store);
    const bothWrite = Promise.withResolvers<void>();
    let writing = 0;
    store.append = async (...request) => {
      writing += 1;
      if (writing === 2) bothWrite.resolve();
      await bothWrite.promise;
      return append(...request);
    };
    const answers = await Promise.all([
      own.ask(one, `DELETE /v1/keys/${other.keyId}`),
      own.ask(other, `DELETE /v1/keys/${one.keyId}`),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(204);
    expect(statuses).toContain(409);
    const open = await Promise.all([one, other].map((key) => own.ask(key, 'GET /v1/keys')));
    expect(open.filter(({ status }) => status === 200)).toHaveLength(1);
  } finally {
    await own.stop();
  }
});
