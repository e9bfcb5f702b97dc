import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { aCommit } from '../support/commits.ts';
import { OrderScript } from '../support/orders.ts';

const script = resolve(import.meta.dirname, '../../local/rebuild.ts');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rebuild-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...options: string[]): Promise<{ code: number; out: string; err: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...options]);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = Object(error);
    return { code: Number(code), out: String(stdout), err: String(stderr) };
  }
}

async function written(
  ...commits: Parameters<SqliteEventStore['append']>[0][number][]
): Promise<SqliteEventStore> {
  const store = new SqliteEventStore(folder);
  for (const commit of commits) await store.append([commit], []);
  return store;
}

test('builds the views of a stopped cell again and prints the rate', async () => {
  const store = await written(...new OrderScript('a').place().fill(1, 1_000).stored());
  await store.close();
  const { code, out, err } = await run('--data', folder);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^2 commits in \d+ ms: [\d,]+ a second\nstreams that stand still: 0\n$/);
});

test('ends with 1 when something cannot be applied, and says what', async () => {
  const store = await written(aCommit({ stream: 'order-stuck' }));
  await store.close();
  const { code, out, err } = await run('--data', folder);
  expect(code).toBe(1);
  expect(out).toContain('streams that stand still: 2');
  expect(err).toContain('order-stuck');
});

test('is refused while a cell has the folder, and where there is none', async () => {
  const store = await written(aCommit());
  expect(await run('--data', folder)).toMatchObject({
    code: 2,
    err: expect.stringContaining('is in use by'),
  });
  await store.close();
  const nowhere = join(folder, 'none');
  expect(await run('--data', nowhere)).toMatchObject({ code: 2, err: `there is no cell in ${nowhere}\n` });
});
