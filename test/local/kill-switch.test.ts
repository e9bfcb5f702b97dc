import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { demoKeysFile, readDemoKeys } from '../../local/demo-keys-file.ts';
import type { DemoKey } from '../../local/demo.ts';
import { oldestMs } from '../../platform/kill-switch/port.ts';
import { type ServerProcess, startServer } from '../bench/cell-process.ts';
import { onDynamoDb } from '../support/on-dynamodb.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-switches-'));
afterAll(() => rmSync(folder, { recursive: true }));
const running: ServerProcess[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.kill()));
});

const script = join(import.meta.dirname, '..', '..', 'local', 'main.ts');

async function startOn(endpoint: string, ...more: readonly string[]): Promise<string> {
  const where = ['--store', 'dynamodb', '--endpoint', endpoint, '--data', folder, '--port', '0'];
  const process = await startServer([script, ...where, '--venue', 'off', ...more]);
  running.push(process);
  return process.address;
}

function key(name: string): DemoKey {
  const found = readDemoKeys(demoKeysFile(folder))?.find((one) => one.name === name);
  if (!found) throw new TypeError(`there is no demo key ${name}`);
  return found;
}

async function ask(address: string, route: string, { keyId, secret }: DemoKey, body?: unknown) {
  const [method = 'GET', path = '/'] = route.split(' ');
  const answer = await fetch(address + path, {
    method,
    headers: { 'apca-api-key-id': keyId, 'apca-api-secret-key': secret },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Record<string, unknown>;
}

const order = { symbol: 'ALFA', qty: '1', side: 'buy', type: 'market', time_in_force: 'day' };
const place = (address: string) => ask(address, 'POST /v2/orders', key('first'), order);

/** Places one order after the other until one is refused; why, and how long after `sinceMs` the last one began that was taken. */
async function untilRefused(address: string, sinceMs: number) {
  let lastTakenMs = 0;
  while (performance.now() - sinceMs < 10_000) {
    const askedMs = performance.now();
    const { reason } = await place(address);
    if (reason !== undefined) return { reason, lastTakenMs };
    lastTakenMs = askedMs - sinceMs;
  }
  throw new Error('nothing was refused');
}

await onDynamoDb('on one DynamoDB with two processes', (endpoint) => {
  test('a kill switch is in force in the other within two seconds, an account’s halt with the very next order', async () => {
    const here = await startOn(endpoint, '--new-keys');
    const elsewhere = await startOn(endpoint);
    const administrator = key('administrator');
    const stop = { on: true, reason: 'a test' };
    const measured: number[] = [];
    for (const symbol of ['ALFA', 'firm']) {
      expect((await place(elsewhere))['reason']).toBeUndefined();
      const path = symbol === 'firm' ? 'firm' : `instruments/${symbol}`;
      const throwing = ask(here, `PUT /v1/kill-switches/${path}`, administrator, stop);
      const refusing = untilRefused(elsewhere, performance.now());
      expect(await throwing).toMatchObject({ on: true });
      const { reason, lastTakenMs } = await refusing;
      expect(reason).toBe(symbol === 'firm' ? 'kill_switch_firm' : 'kill_switch_instrument');
      expect((await place(here))['reason']).toBe(reason);
      expect(lastTakenMs).toBeLessThan(oldestMs);
      measured.push(lastTakenMs);
      await release(here, path);
    }
    const { accountId } = key('first');
    await ask(here, `POST /v1/accounts/${accountId}/halt`, administrator, { reason: 'a test' });
    expect((await place(elsewhere))['reason']).toBe('account_halted');
    console.log(
      `kill switch: the other process took its last order ${measured.map((ms) => Math.round(ms)).join(' and ')} ms after the switch was asked for`,
    );
  }, 60_000);
});

/** With a second person, and until both processes know. */
async function release(address: string, path: string): Promise<void> {
  const administrator = key('administrator');
  const asked = await ask(address, `PUT /v1/kill-switches/${path}`, administrator, {
    on: false,
    reason: 'it was a test',
  });
  const { id } = asked['approval'] as { id: string };
  const grant = { role: 'operator', person_id: `second-${path.replace('/', '-')}` };
  const issued = await ask(address, 'POST /v1/keys', administrator, grant);
  const second = { ...administrator, keyId: String(issued['id']), secret: String(issued['secret']) };
  await ask(address, `POST /v1/approvals/${id}/approve`, second);
  for (const { address: one } of running)
    await expect.poll(async () => (await place(one))['reason'], { interval: 100 }).toBeUndefined();
}
