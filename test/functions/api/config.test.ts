import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkedConfig } from '../../../platform/hot-config/check.ts';
import { configWith, startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;
let desk: Desk;

beforeEach(async () => {
  cell = await startTestCell({ config: configWith({}) });
  desk = new Desk(cell);
});
afterEach(() => cell.stop());

type Changes = Readonly<Record<string, unknown>>;

const version = async () => String((await desk.ask('GET /v1/config')).body['version']);
const history = async () => (await desk.ask('GET /v1/config/history')).list;
const put = async (changes: Changes, base?: string, key?: string) =>
  desk.ask(
    'PUT /v1/config',
    { document: configWith(changes), base_version: base ?? (await version()), reason: 'a test' },
    key,
  );
const patch = (changes: unknown, more: object = {}) =>
  desk.ask('PATCH /v1/config', { changes, reason: 'a test', ...more });
const approve = (id: string) => desk.second(`POST /v1/approvals/${id}/approve`);
const limits = (openOrdersMax: unknown) => ({ limits: { accounts: { default: { openOrdersMax } } } });

test('what is lowered is in force with the next order, and on record with who, why and the difference', async () => {
  const before = await version();
  const changed = await put({ 'limits.accounts.default.openOrdersMax': 0 });
  expect(changed).toMatchObject({ status: 200, body: { previous_version: before } });
  expect((await cell.place()).body).toMatchObject({ reason: 'maximum_open_orders', limit: '0' });
  expect(await history()).toMatchObject([
    {
      commit: 2,
      outcome: 'changed',
      origin: 'api',
      by: expect.any(String),
      reason: 'a test',
      version: changed.body['version'],
      previous_version: before,
      patch: [{ op: 'replace', path: '/limits/accounts/default/openOrdersMax', value: 0 }],
    },
    { commit: 1, outcome: 'changed', origin: 'seed', by: null, previous_version: null },
  ]);
});

test('a raise waits for a second person, who is shown what rises, and is refused once another change came between', async () => {
  await patch(limits(0));
  const asked = await patch(limits(5));
  expect(asked).toMatchObject({
    status: 202,
    body: {
      approval: {
        action: 'raise-limit',
        subject: 'config-local',
        request: {
          raises: [{ path: 'limits.accounts.default.openOrdersMax', message: '0 becomes 5' }],
        },
      },
    },
  });
  expect((await cell.place()).body['reason']).toBe('maximum_open_orders');
  const id = desk.approvalId(asked.body);
  expect((await desk.ask(`POST /v1/approvals/${id}/approve`)).body['reason']).toBe('second_person_required');
  const other = desk.approvalId((await patch(limits(6))).body);
  expect(await approve(id)).toMatchObject({ status: 200, body: { version: await version() } });
  expect((await cell.place()).status).toBe(200);
  expect(await approve(other)).toMatchObject({ status: 409, body: { reason: 'config_version_stale' } });
  expect((await history())[1]).toMatchObject({ outcome: 'changed', approval_id: id, reason: 'a test' });
});

test('a raise made from a version that is about to come into force does not pass without a second person', async () => {
  const tight = { 'limits.accounts.default.openOrdersMax': 0 };
  await put(tight);
  const harmless = { ...tight, dayTimeZone: 'Asia/Tokyo' };
  const next = checkedConfig(configWith(harmless)).version;
  const raised = { ...harmless, 'limits.accounts.default.openOrdersMax': 5 };
  const { config: hot } = cell.cell.dependencies;
  const change = hot.change.bind(hot);
  hot.change = async (...call) => {
    hot.change = change;
    expect((await put(harmless)).status).toBe(200);
    return change(...call);
  };
  expect(await put(raised, next)).toMatchObject({ status: 409, body: { reason: 'config_version_stale' } });
  expect(await version()).toBe(next);
  expect((await history())[0]).toMatchObject({ outcome: 'stale' });
});

test('a bad document changes nothing, says where, and is on record', async () => {
  const before = await version();
  const refused = await put({ 'instruments.3.tickSize': '0', 'fees.default.ratePpm': -1 });
  expect(refused).toMatchObject({
    status: 422,
    body: {
      reason: 'config_invalid',
      field: 'document.instruments.3.tickSize',
      issues: [{ path: 'instruments.3.tickSize' }, { path: 'fees.default.ratePpm' }],
    },
  });
  expect(await version()).toBe(before);
  expect((await history())[0]).toMatchObject({ outcome: 'invalid', origin: 'api', issues: [{}, {}] });
});

test('a symbol that is no instrument is refused by its place, and with an instrument all that names it goes', async () => {
  const before = await version();
  const changes = { limits: { accounts: { default: { restrictedSymbols: ['ALPHA'] } } } };
  const message = 'ALPHA is not among the instruments: correct it here, or list it there';
  expect(await patch(changes)).toMatchObject({
    status: 422,
    body: {
      reason: 'config_invalid',
      field: 'document.limits.accounts.default.restrictedSymbols.0',
      issues: [{ path: 'limits.accounts.default.restrictedSymbols.0', message }],
    },
  });
  expect(await version()).toBe(before);
  await patch({ switches: { instruments: ['BRVO'] } });
  expect(await patch({ instruments: [] })).toMatchObject({
    status: 422,
    body: { issues: [{ path: 'switches.instruments.0' }] },
  });
});

test('an instrument is taken out by two persons: whoever holds it loses sight of it', async () => {
  await desk.transfer({ symbol: 'ALFA', qty: '5' });
  const held = async () => (await cell.ask(cell.key('first'), 'GET /v2/positions')).list;
  const { document } = (await desk.ask('GET /v1/config')).body as {
    readonly document: { readonly instruments: readonly { readonly symbol: string }[] };
  };
  const instruments = document.instruments.filter(({ symbol }) => symbol !== 'ALFA');
  const asked = await patch({ instruments });
  expect(asked).toMatchObject({
    status: 202,
    body: {
      approval: {
        request: {
          raises: [
            { path: 'instruments', message: expect.stringMatching(/^ALFA is taken out; .*neither sold/) },
          ],
        },
      },
    },
  });
  expect(await held()).toMatchObject([{ symbol: 'ALFA', qty: '5' }]);
  expect((await approve(desk.approvalId(asked.body))).status).toBe(200);
  expect(await held()).toEqual([]);
  const sale = { symbol: 'ALFA', qty: '5', side: 'sell' };
  expect((await cell.place(sale)).body['reason']).toBe('instrument_unknown');
  const out = await desk.transfer({ direction: 'OUTGOING', symbol: 'ALFA', qty: '5' });
  expect(out.body['reason']).toBe('transfer_asset_unknown');
});

test('two editors do not overwrite one another', async () => {
  const base = await version();
  expect((await put({ dayTimeZone: 'Asia/Tokyo' }, base)).status).toBe(200);
  const late = await put({ dayTimeZone: 'Europe/Paris' }, base);
  expect(late).toMatchObject({
    status: 409,
    body: { reason: 'config_version_stale', limit: await version(), observed: base },
  });
  expect((await history())[0]).toMatchObject({ outcome: 'stale' });
});

test('every version that was in force can be had again', async () => {
  const first = await desk.ask('GET /v1/config');
  await patch({ dayTimeZone: 'Asia/Tokyo' });
  await approve(desk.approvalId((await patch({ instruments: [] })).body));
  const then = await desk.ask(`GET /v1/config/versions/${String(first.body['version'])}`);
  expect(then.body['document']).toEqual(first.body['document']);
});

test('a repeat under the same key is told what it was told, and changes nothing again', async () => {
  const base = await version();
  const first = await put({ dayTimeZone: 'Asia/Tokyo' }, base, 'k1');
  await put({ dayTimeZone: 'Europe/Paris' });
  const now = await version();
  const again = await put({ dayTimeZone: 'Asia/Tokyo' }, base, 'k1');
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await version()).toBe(now);
  expect((await put({ dayTimeZone: 'Asia/Seoul' }, base, 'k1')).body['reason']).toBe(
    'idempotency_key_reused',
  );
});

test('pages of the history go back from the newest', async () => {
  for (const zone of ['Asia/Tokyo', 'Europe/Paris', 'UTC']) await patch({ dayTimeZone: zone });
  const [newest, next] = (await desk.ask('GET /v1/config/history?limit=2')).list;
  expect([newest?.['commit'], next?.['commit']]).toEqual([4, 3]);
  const older = await desk.ask('GET /v1/config/history?limit=2&before=3');
  expect(older.list.map(({ commit }) => commit)).toEqual([2, 1]);
});

test('an auditor reads all of it and changes nothing; risk neither', async () => {
  for (const role of ['auditor', 'risk']) {
    const key = await cell.issue({ role, person_id: role });
    expect((await cell.ask(key, 'GET /v1/config')).status).toBe(200);
    expect((await cell.ask(key, 'GET /v1/config/history')).status).toBe(200);
    const body = { changes: {}, reason: 'a test' };
    expect((await cell.ask(key, 'PATCH /v1/config', { body })).status).toBe(403);
  }
});
