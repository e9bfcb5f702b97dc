import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestCell } from '../support/cell.ts';
import { eventually } from '../support/eventually.ts';

const page = readFileSync('docs/api.md', 'utf8');
const [, example = ''] = page.match(/```js\n([^`]*@alpacahq(?:[^`]|`[^`]+`)*?)```/) ?? [];

/** What a script says, run where the packages are. */
async function said(script: string): Promise<{ readonly lines: readonly string[]; readonly errors: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-'], { stdio: 'pipe' });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  child.stdin.end(script);
  await new Promise((resolve) => child.on('close', resolve));
  return { lines: output.trimEnd().split('\n'), errors };
}

test('the example of docs/api.md with the official client trades, hears of it, and ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ordercell-example-'));
  const cell = await startTestCell({ venue: 'internal', demoMarket: true });
  try {
    const keysFile = join(folder, 'demo-keys.json');
    writeFileSync(keysFile, JSON.stringify(cell.cell.newKeys));
    await eventually(async () => {
      const { body } = await cell.ask(cell.key('first'), 'GET /v2/stocks/ALFA/quotes/latest');
      expect(body['quote']).toMatchObject({ as: expect.any(Number) });
    });
    const placed = {
      "'http://127.0.0.1:4510'": `'${cell.address}'`,
      "'data/demo-keys.json'": `'${keysFile}'`,
    };
    const script = Object.entries(placed).reduce((text, [from, to]) => text.replace(from, to), example);
    const { lines, errors } = await said(script);
    expect(errors).toBe('');
    expect(lines.slice(0, 3)).toEqual(['1000000.00', 'pending_new ALFA 0', 'new ALFA 0']);
    expect(lines.at(-1)).toBe('fill ALFA 10');
  } finally {
    await cell.stop();
    rmSync(folder, { recursive: true });
  }
});
