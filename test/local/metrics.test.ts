import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isLoopback } from '../../local/server.ts';
import { startTestCell, type TestCell } from '../support/cell.ts';

let cell: TestCell;
beforeAll(async () => {
  cell = await startTestCell();
});
afterAll(() => cell.stop());

async function scraped(): Promise<string> {
  const answer = await fetch(`${cell.address}/metrics`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('version=0.0.4');
  return answer.text();
}

test('GET /metrics counts requests by route and outcome, and refusals by reason', async () => {
  await cell.place();
  await cell.place({ qty: '-1' });
  await cell.ask(undefined, 'POST /v2/orders', { body: {} });
  await cell.ask(cell.key('first'), 'GET /nowhere');
  const text = await scraped();
  expect(text).toContain('ordercell_requests_total{route="POST /v2/orders",outcome="ok"} 1');
  expect(text).toContain('ordercell_requests_total{route="POST /v2/orders",outcome="refused"} 2');
  expect(text).toContain('ordercell_requests_total{route="none",outcome="refused"} 1');
  expect(text).toContain('ordercell_refusals_total{reason="not_authenticated"} 1');
  expect(text).toContain('ordercell_request_duration_seconds_count{route="POST /v2/orders"} 3');
  expect(text).toMatch(/ordercell_requests_in_work \d/);
  expect(text).toMatch(/ordercell_connections \d/);
  expect(text).toMatch(/ordercell_consumer_parked\{consumer="views-\d+"\} 0/);
  expect(text).toMatch(/ordercell_consumer_behind\{consumer="views"\} \d/);
  expect(text).toMatch(/ordercell_config_age_seconds \d/);
  expect(text).toContain('ordercell_kill_switches{scope="firm"} 0');
  expect(text).not.toContain('metric_failures');
});

test('GET /metrics names no order, account, key or symbol', async () => {
  const { body } = await cell.place();
  await cell.ask(cell.key('first'), `GET /v2/orders/${String(body['id'])}`);
  const text = await scraped();
  const { keyId } = cell.key('first');
  for (const secret of [String(body['id']), String(body['client_order_id']), keyId, 'ALFA'])
    expect(text).not.toContain(secret);
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
});

test('only GET is allowed on /metrics', async () => {
  expect((await fetch(`${cell.address}/metrics`, { method: 'POST' })).status).toBe(405);
});

test('/metrics is for this machine: other addresses are not loopback', () => {
  expect(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'].map(isLoopback)).not.toContain(false);
  expect(['10.0.0.1', '::ffff:10.0.0.1', '::1:2', '1127.0.0.1', '', undefined].map(isLoopback)).not.toContain(
    true,
  );
});

test('every consumer of a cell on SQLite says how far behind it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ordercell-metrics-'));
  const onDisk = await startTestCell({ store: { kind: 'sqlite', folder } });
  await onDisk.place();
  await onDisk.cell.views.drained();
  await onDisk.cell.reports.drained();
  const text = await (await fetch(`${onDisk.address}/metrics`)).text();
  const names = onDisk.cell.dependencies.consumers.all.map(({ name }) => name);
  await onDisk.stop();
  rmSync(folder, { recursive: true });
  for (const name of names) expect(text).toContain(`ordercell_consumer_parked{consumer="${name}"} 0`);
  for (const name of ['views', 'venue-reports'])
    expect(text).toMatch(new RegExp(`ordercell_consumer_behind\\{consumer="${name}[^"]*"\\} \\d`));
  expect(text).toMatch(/ordercell_store_bytes\{file="ordercell.db"\} [1-9]/);
  expect(text).toMatch(/ordercell_group_commit_jobs_count [1-9]/);
  expect(text).not.toContain('metric_failures');
});
