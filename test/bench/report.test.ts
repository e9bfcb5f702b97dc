import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentOf, type Machine } from './report/document.ts';
import { type Section, sectionsFor } from './report/sections.ts';

const root = join(import.meta.dirname, '..', '..');
const machine: Machine = {
  processor: 'A Processor',
  cores: 2,
  memoryGb: 24,
  system: 'Linux 6.1',
  versions: [['Node', '24.0.0']],
  commit: 'abcdef1',
  date: '2026-01-02',
};
const section: Section = { title: 'One', script: 'bench:one', words: [], about: 'What it measures.' };

test('the document names machine, versions, commit, and for each benchmark its command, its time and what it printed', () => {
  const words = ['--rounds', '3'];
  const text = documentOf(machine, [{ section, words, output: 'a  1   \nb  2\n\n', seconds: 12.4 }]);
  expect(text).toContain(
    'On 2026-01-02, of commit `abcdef1`: A Processor, 2 cores, 24 GB of memory, Linux 6.1.',
  );
  expect(text).toContain('| Node | 24.0.0 |');
  expect(text).toContain(
    '## One\n\nWhat it measures.\n\n`npm run bench:one -- --rounds 3`, 12 s:\n\n```\na  1\nb  2\n```\n',
  );
  expect(text).not.toContain('failed');
});

test('one that failed says so, above what it printed until then', () => {
  const failure = 'it ended with 1';
  const text = documentOf(machine, [{ section, words: [], output: 'half', seconds: 1, failure }]);
  expect(text).toContain(
    '`npm run bench:one`, 1 s:\n\n**It failed: it ended with 1.** What it printed until then:\n\n```\nhalf\n```',
  );
});

test('every section has a script, and docs/benchmarks.md has every section, with nothing that failed', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const document = readFileSync(join(root, 'docs', 'benchmarks.md'), 'utf8');
  for (const { script, title } of sectionsFor(undefined)) {
    expect(Object.keys(scripts)).toContain(script);
    expect(document).toContain(`\n## ${title}\n`);
  }
  expect(document).not.toContain('**It failed');
});
