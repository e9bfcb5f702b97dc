import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';

let folder: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ordercell-'));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  output(): string;
  errors(): string;
  readonly ended: Promise<number | null>;
}

function start(...options: string[]): Started {
  const child = spawn(process.execPath, ['local/main.ts', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, output: () => output, errors: () => errors, ended };
}

async function lineOf(started: Started, message: string): Promise<Record<string, unknown>> {
  for (let tries = 0; tries < 400; tries += 1) {
    const line = started
      .output()
      .split('\n')
      .find((text) => text.includes(`"message":"${message}"`));
    if (line !== undefined) return JSON.parse(line) as Record<string, unknown>;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`no line ${message}: ${started.output()}${started.errors()}`);
}

interface Key {
  readonly keyId: string;
  readonly secret: string;
}
const keys = () => JSON.parse(readFileSync(join(folder, 'demo-keys.json'), 'utf8')) as Key[];
const ready = (started: Started) => lineOf(started, 'ready').then(({ address }) => String(address));

function place(address: string, { keyId, secret }: Key): Promise<Response> {
  return fetch(`${address}/v2/orders`, {
    method: 'POST',
    headers: { 'apca-api-key-id': keyId, 'apca-api-secret-key': secret },
    body: '{"symbol":"ALFA","qty":"1","side":"buy","type":"limit","limit_price":"99","time_in_force":"day"}',
  });
}

test('starts, takes an order, stops cleanly, and finds everything again', async () => {
  const first = start('--data', folder, '--port', '0');
  const address = await ready(first);
  for (const file of ['demo-keys.json', 'ordercell.db', 'ordercell.db-wal'])
    expect([file, statSync(join(folder, file)).mode & 0o777]).toEqual([file, 0o600]);
  const [trader] = keys();
  if (!trader) throw new TypeError('a demo has keys');
  expect((await place(address, trader)).status).toBe(200);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  const lines = first.output().trim().split('\n');
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  for (const { secret } of keys()) expect(first.output() + first.errors()).not.toContain(secret);

  const second = start('--data', folder, '--port', '0');
  const again = await ready(second);
  const headers = { 'apca-api-key-id': trader.keyId, 'apca-api-secret-key': trader.secret };
  expect(await (await fetch(`${again}/v2/orders`, { headers })).json()).toHaveLength(1);
  expect((await fetch(`${again}/readyz`)).status).toBe(200);
});

test('goes on taking orders when nobody reads its log any more', async () => {
  const started = start('--data', folder, '--port', '0');
  const address = await ready(started);
  const [trader] = keys();
  if (!trader) throw new TypeError('a demo has keys');
  started.child.stdout?.destroy();
  // Each is a line that finds nobody; the first tells the process so.
  for (const status of [200, 200, 200]) expect((await place(address, trader)).status).toBe(status);
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
  started.child.kill('SIGTERM');
  expect(await started.ended).toBe(0);
});

test('a second start on the same folder is refused in one sentence', async () => {
  await ready(start('--data', folder, '--port', '0'));
  const second = start('--data', folder, '--port', '0');
  expect(await second.ended).toBe(1);
  expect(second.errors()).toMatch(
    /^the data folder .* is in use by process \d+; stop it or choose another folder\n$/,
  );
});

test('a data folder that is made is for its owner only', async () => {
  const made = join(folder, 'made');
  await ready(start('--data', made, '--port', '0'));
  expect(statSync(made).mode & 0o777).toBe(0o700);
});

test('a port in use is refused in one sentence, and nothing is made', async () => {
  const address = await ready(start('--data', folder, '--port', '0'));
  const { port } = new URL(address);
  const other = join(folder, 'other');
  const second = start('--data', other, '--port', port);
  expect(await second.ended).toBe(1);
  expect(second.errors()).toBe(`port ${port} is in use; choose another with --port\n`);
  expect(existsSync(other)).toBe(false);
});

test('an address of another machine is refused in one sentence, and nothing is made', async () => {
  const other = join(folder, 'other');
  // Kept free for examples: no machine has it (RFC 5737).
  const started = start('--data', other, '--port', '0', '--host', '192.0.2.1');
  expect(await started.ended).toBe(1);
  expect(started.errors()).toBe('192.0.2.1 is no address of this machine; choose another with --host\n');
  expect(existsSync(other)).toBe(false);
});

test.each([
  ['a file', 'file', 'is a file, not a folder'],
  ['in a file', 'file/data', 'lies in a file, not in a folder'],
])('a data folder that is %s is refused in one sentence', async (_what, name, why) => {
  writeFileSync(join(folder, 'file'), '');
  const path = join(folder, name);
  const started = start('--data', path, '--port', '0');
  expect(await started.ended).toBe(1);
  expect(started.errors()).toBe(`the data folder ${path} ${why}; choose another with --data\n`);
});

test('a bad config of a new cell is refused by the name of its file, and nothing is made', async () => {
  const path = join(folder, 'config.json');
  writeFileSync(path, '{"limits":');
  const started = start('--data', folder, '--port', '0');
  expect(await started.ended).toBe(1);
  expect(started.errors()).toMatch(
    /^\S+\/config\.json cannot be used: document: is not JSON: .+ delete it: .+\n$/,
  );
  expect(readdirSync(folder)).toEqual(['config.json']);
});

test('the same where there is a log with no config on record', async () => {
  await new SqliteEventStore(folder).close();
  writeFileSync(join(folder, 'config.json'), '{}');
  const started = start('--data', folder, '--port', '0');
  expect(await started.ended).toBe(1);
  expect(started.errors()).toMatch(/^\S+\/config\.json cannot be used: /);
});

test.each([
  [['--prot', '1'], "Unknown option '--prot'; --help lists what there is\n"],
  [['--port', 'many'], '--port is a whole number from 0 to 65535, not "many"\n'],
  [['--store', 'tape'], '--store is sqlite or dynamodb, not "tape"\n'],
  [['--store', 'dynamodb'], '--store dynamodb needs --endpoint URL, e.g. http://127.0.0.1:8000\n'],
  [['--host', ''], '--host needs an address\n'],
  [['--endpoint', 'http://x'], '--endpoint goes with --store dynamodb\n'],
])('%j is refused', async (options, words) => {
  const started = start(...options);
  expect(await started.ended).toBe(1);
  expect(started.errors()).toBe(words);
});

test('lost keys can be issued anew', async () => {
  const first = start('--data', folder, '--port', '0');
  await ready(first);
  first.child.kill('SIGTERM');
  await first.ended;
  rmSync(join(folder, 'demo-keys.json'));
  const second = start('--data', folder, '--port', '0', '--new-keys');
  const address = await ready(second);
  const [trader] = keys();
  if (!trader) throw new TypeError('new keys were issued');
  expect((await place(address, trader)).status).toBe(200);
});
