import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Edit, type Mutant, mutants } from './mutant-list.ts';

/**
 * Shows that the simulation can fail: runs it against copies of the source in which one thing is wrong, and prints which seed
 * noticed and by which law. Exit code 1 when one goes unnoticed.
 */
const { values, positionals } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    steps: { type: 'string', default: '6000' },
  },
  allowPositionals: true,
});

const root = resolve(import.meta.dirname, '../..');
const copied = ['domain', 'platform', 'functions', 'test/simulation', 'package.json'];

/** Undefined when it was done; otherwise why the source is not as the mutant knows it. */
async function change(folder: string, { file, find, replace }: Edit): Promise<string | undefined> {
  const path = join(folder, file);
  const source = await readFile(path, 'utf8');
  const found = source.split(find).length - 1;
  if (found !== 1) return `${file} has ${found} times, not once: ${find}`;
  await writeFile(
    path,
    source.replace(find, () => replace),
  );
  return undefined;
}

async function simulate(folder: string): Promise<{ readonly code: number; readonly output: string }> {
  const options = ['--seeds', values.seeds, '--steps', values.steps, '--workers', '1'];
  const child = spawn(process.execPath, [join(folder, 'test/simulation/main.ts'), ...options], {
    cwd: folder,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const { promise, resolve: exited } = Promise.withResolvers<number>();
  child.on('exit', (code) => exited(code ?? 1));
  return { code: await promise, output };
}

/** One line about a mutant, and whether it was caught. */
async function tried({
  edits,
}: Pick<Mutant, 'edits'>): Promise<{ readonly caught: boolean; readonly text: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'ordercell-mutant-'));
  try {
    for (const name of copied) await cp(join(root, name), join(folder, name), { recursive: true });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const edit of edits) {
      const wrong = await change(folder, edit);
      if (wrong !== undefined) return { caught: false, text: `DOES NOT APPLY: ${wrong}` };
    }
    const { code, output } = await simulate(folder);
    const caught = /^seed \d+ failed .*$/m.exec(output)?.[0];
    if (caught !== undefined) return { caught: true, text: caught };
    return { caught: false, text: code === 0 ? 'NOT CAUGHT' : `did not run: ${output.slice(-500)}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const chosen = mutants.filter(
  ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
);
const waiting = [...chosen];
let uncaught = 0;

async function work(): Promise<void> {
  for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
    const { caught, text } = await tried(mutant);
    if (!caught) uncaught += 1;
    console.log(`${mutant.name.padEnd(36)} ${text}`);
  }
}

await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
console.log(`${chosen.length - uncaught} of ${chosen.length} caught`);
if (uncaught > 0) process.exitCode = 1;
