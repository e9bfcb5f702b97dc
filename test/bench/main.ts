import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { documentOf, type Outcome } from './report/document.ts';
import { thisMachine } from './report/machine.ts';
import { type Section, sectionMaxMs, sectionsFor } from './report/sections.ts';

/** Runs every benchmark, one after the other, and writes docs/benchmarks.md. With `--small` only what may fail in CI, and writes nothing. */
const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    /** A recorded order flow for the matching benchmark. */
    flow: { type: 'string' },
    /** Only the sections with these scripts: `--only bench:store`; the document then has no others. */
    only: { type: 'string', multiple: true },
    /** Where the document goes. */
    to: { type: 'string', default: join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md') },
  },
});
const root = join(import.meta.dirname, '..', '..');
const flow = values.flow === undefined ? undefined : resolve(values.flow);
const machine = thisMachine(new Date());
const outcomes: Outcome[] = [];
for (const section of sectionsFor(flow)) {
  const words = values.small ? section.small : section.words;
  if (words === undefined || (values.only && !values.only.includes(section.script))) continue;
  outcomes.push(await run(section, words));
}
if (!values.small) writeFileSync(values.to, documentOf(machine, outcomes));
for (const { section, failure } of outcomes.filter((outcome) => outcome.failure !== undefined)) {
  console.error(`${section.script} failed: ${failure}`);
  process.exitCode = 1;
}

/** Its output is shown as it comes, and what it says of its progress as well. */
async function run(section: Section, words: readonly string[]): Promise<Outcome> {
  console.log(`== npm run ${section.script} ${words.join(' ')}`);
  const begun = performance.now();
  const child = spawn('npm', ['run', '--silent', section.script, '--', ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: sectionMaxMs,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
    process.stdout.write(chunk);
  });
  const [code, signal] = await once(child, 'close');
  const seconds = (performance.now() - begun) / 1_000;
  const failure = code === 0 ? undefined : `it ended with ${String(signal ?? code)}`;
  const shown = withoutPaths(output, flow);
  return {
    section,
    words: words.map((word) => withoutPaths(word, flow)),
    output: shown,
    seconds,
    ...(failure !== undefined && { failure }),
  };
}

/** Where a file lies on this machine is of no use to who reads the document. */
function withoutPaths(text: string, path: string | undefined): string {
  const shown = text.replaceAll(`${root}/`, '');
  return path === undefined ? shown : shown.replaceAll(path, 'FLOW.csv.gz');
}
