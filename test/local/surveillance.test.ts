import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DemoKey } from '../../local/demo.ts';
import { startCell } from '../../local/cell.ts';
import { configWith, TestCell } from '../support/cell.ts';
import { SettableClock } from '../support/settable-clock.ts';

const messageRate = (hard: number | 'unlimited') => ({ messageRate: { windowSeconds: 60, hard } });

let folder: string;
let keys: readonly DemoKey[] = [];
const open: TestCell[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ordercell-watched-'));
  keys = [];
});
afterEach(async () => {
  for (const cell of open.splice(0)) await cell.stop();
  rmSync(folder, { recursive: true });
});

/** A cell on the folder; the keys of its first start are those of all. */
async function start(hard: number | 'unlimited' = 'unlimited'): Promise<TestCell> {
  const config = configWith({ surveillance: { default: messageRate(hard), byAccount: {} } });
  const cell = await startCell({ store: { kind: 'sqlite', folder }, port: 0, venue: 'off', config });
  keys = cell.newKeys ?? keys;
  const started = new TestCell({ ...cell, newKeys: keys }, new SettableClock(new Date().toISOString()));
  open.push(started);
  return started;
}

async function stop(cell: TestCell): Promise<void> {
  open.splice(open.indexOf(cell), 1);
  await cell.stop();
}

const reason = async (cell: TestCell) => (await cell.place({ qty: '1' })).body['reason'];

async function untilRefused(cell: TestCell): Promise<unknown> {
  for (let round = 0; round < 200; round += 1) {
    const found = await reason(cell);
    if (found !== undefined) return found;
    await pause(25);
  }
  return undefined;
}

test('what the views’ thread sees the cell acts on, under a config that changed meanwhile', async () => {
  const cell = await start();
  for (let sent = 0; sent < 5; sent += 1) expect(await reason(cell)).toBeUndefined();
  const changes = { surveillance: { default: messageRate(5) } };
  const body = { changes, reason: 'a test' };
  expect((await cell.ask(cell.key('administrator'), 'PATCH /v1/config', { body })).status).toBe(200);
  expect(await untilRefused(cell)).toBe('account_halted');
});

test('figures that are made anew from the log halt nobody for what people have looked at', async () => {
  const cell = await start(5);
  expect(await untilRefused(cell)).toBe('account_halted');
  const accountId = cell.key('first').accountId ?? '';
  const administrator = cell.key('administrator');
  const asked = await cell.ask(administrator, `POST /v1/accounts/${accountId}/lift-halt`);
  const id = JSON.parse(JSON.stringify(asked.body['approval'])).id;
  const colleague = await cell.issue({ role: 'operator', person_id: 'colleague' });
  await cell.ask(colleague, `POST /v1/approvals/${id}/approve`);
  await stop(cell);
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `views.db${suffix}`), { force: true });
  const again = await start(5);
  await again.cell.views.drained();
  await pause(500);
  expect(await reason(again)).toBeUndefined();
  const { body } = await again.ask(administrator, `GET /v1/surveillance/breaches`);
  expect(body['breaches']).toMatchObject([{ level: 'hard', outcome: 'account_halted' }]);
});

test('a breach that nobody has acted on yet is acted on by the next start', async () => {
  const cell = await start();
  for (let sent = 0; sent < 8; sent += 1) await reason(cell);
  await stop(cell);
  const file = join(folder, 'config.json');
  const text = readFileSync(file, 'utf8');
  const document = JSON.parse(text);
  document.surveillance = { default: messageRate(5), byAccount: {} };
  writeFileSync(file, JSON.stringify(document));
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `views.db${suffix}`), { force: true });
  const again = await start();
  await again.cell.views.drained();
  expect(await untilRefused(again)).toBe('account_halted');
});
