import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { aCommit, anId } from '../support/commits.ts';
import { Desk } from '../support/desk.ts';

const root = resolve(import.meta.dirname, '../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reconcile-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...options: string[]): Promise<{ code: number; out: string; err: string }> {
  const words = [join(root, 'local/reconcile.ts'), ...options];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, words);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = Object(error);
    return { code: Number(code), out: String(stdout), err: String(stderr) };
  }
}

describe('npm run reconcile', () => {
  test('prints the sums and finds nothing in a folder nobody touched', async () => {
    const store = new SqliteEventStore(folder);
    await new Desk(store).account(12_345, 7);
    await store.close();
    const { code, out, err } = await run('--data', folder);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('USD    123.45     0.00  0.00      0.00  -123.45   0.00       0.00');
    expect(out).toMatch(/differences: 0\n$/);
  });

  test('prints what differs and ends with 1', async () => {
    const store = new SqliteEventStore(folder);
    const desk = new Desk(store);
    const accountId = await desk.account(12_345);
    const key = { owner: accountId, name: 'account' };
    const change = { key, conditions: [], add: { available_USD: 5 } };
    await store.append([aCommit({ stream: `other-${anId()}`, commitId: anId() })], [change]);
    await store.close();
    const { code, out } = await run('--data', folder);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`${accountId} account +available_USD +12345 +12350\n`));
    expect(out).toMatch(/differences: 1\n$/);
  });

  test.each([
    [['--data', 'no-such-folder'], 'there is no cell in no-such-folder'],
    [['--store', 'paper'], '--store is sqlite or dynamodb, not "paper"'],
    [['--store', 'dynamodb'], '--store dynamodb needs --endpoint URL'],
    [['--cell', ''], '--cell is the name of a region'],
    [['--cell', 'eu-central-1', '--data', 'x'], "Unknown option '--data'"],
    [['--colour'], "Unknown option '--colour'"],
  ])('says what is wrong with %j and ends with 2', async (options, message) => {
    const { code, err } = await run(...options);
    expect({ code, told: err.startsWith(message) }).toEqual({ code: 2, told: true });
  });
});

describe('beside a running cell', () => {
  let cell: ChildProcess;

  beforeEach(async () => {
    cell = spawn(process.execPath, [join(root, 'test/support/busy-cell.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (cell.stdout) await once(cell.stdout, 'data');
  });
  afterEach(async () => {
    cell.kill('SIGKILL');
    await once(cell, 'exit');
  });

  test('every moment of it is in order, and later ones hold more', async () => {
    let commits = 0;
    for (let look = 1; look <= 4; look += 1) {
      const { code, out, err } = await run('--data', folder);
      expect({ look, code, err, out: out.endsWith('differences: 0\n') }).toEqual({
        look,
        code: 0,
        err: '',
        out: true,
      });
      const seen = Number(/(\d+) commits/.exec(out)?.[1]);
      expect(seen).toBeGreaterThan(commits);
      commits = seen;
    }
  });
});
