import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiReasons } from '../../functions/api/door/reasons.ts';
import { metricList, type MetricName } from '../../platform/telemetry/metric-list.ts';
import { prometheusName } from '../../platform/telemetry/prometheus-text.ts';

const page = readFileSync('docs/runbook.md', 'utf8');
const [, ...entries] = page.split(/^## /m);
const parts = ['*Seen as*', '*What it means.*', '*At risk.*', '*What to do.*', '*Over when*'];

/** The paragraphs by which an operator finds the entry, in one line each. */
const seenAs = entries.map((entry) =>
  (entry.split('*Seen as*')[1]?.split('\n\n')[0] ?? '').replaceAll('\n', ' '),
);
const isSeen = (what: string) => seenAs.some((text) => text.includes(`\`${what}\``));

const sources = globSync(['{platform,functions,local}/**/*.ts']).filter(
  (file) => !file.includes('telemetry/'),
);
const code = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
const calls = code.match(/\blog\.(?:error|warn)\(/g) ?? [];
const said = [...code.matchAll(/\blog\.(?:error|warn)\(\s*'([^']+)'/g)].map(([, message = '']) => message);

test('every warning and error is a plain sentence, so that it can be found in the runbook', () => {
  expect(said.length).toBeGreaterThan(15);
  expect(said).toHaveLength(calls.length);
});

test.each([...new Set(said)])('the runbook has an entry for the line "%s"', (message) => {
  expect(isSeen(message), `docs/runbook.md: no entry is *Seen as* \`${message}\``).toBe(true);
});

test.each(Object.keys(metricList).filter((name): name is MetricName => Object.hasOwn(metricList, name)))(
  'the runbook says what the metric %s is for',
  (name) => {
    expect(isSeen(prometheusName(name)), `no entry is *Seen as* \`${prometheusName(name)}\``).toBe(true);
  },
);

const troubles = Object.entries(apiReasons).filter(([, { httpStatus }]) => httpStatus >= 500);

test.each(troubles.map(([reason]) => reason))('the runbook has an entry for the answer %s', (reason) => {
  expect(isSeen(reason), `no entry is *Seen as* \`${reason}\``).toBe(true);
});

test('the runbook has an entry for everything a start refuses with', () => {
  const [, names = ''] = readFileSync('local/run.ts', 'utf8').match(/const explained = \[([^\]]+)\]/) ?? [];
  const missing = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !isSeen(name));
  expect(missing).toEqual([]);
});

test.each(entries.map((entry) => [entry.split('\n')[0], entry]))(
  'the entry "%s" says what it means, what is at risk, what to do, and when it is over',
  (_title, entry) => {
    expect(parts.filter((part) => !entry?.includes(part))).toEqual([]);
  },
);

test('the runbook names no line and no metric that does not exist', () => {
  const names: readonly string[] = Object.keys(metricList)
    .filter((name): name is MetricName => Object.hasOwn(metricList, name))
    .map(prometheusName);
  const [metrics, sentences] = [/`(ordercell_\w+)`/g, /lines? `([^`]+)`/g].map((pattern) =>
    [...page.replaceAll('\n', ' ').matchAll(pattern)].map(([, found = '']) => found),
  );
  expect(metrics?.filter((name) => !names.includes(name))).toEqual([]);
  const logged = [...said, 'ready', 'failed'];
  expect(sentences?.filter((sentence) => !logged.includes(sentence))).toEqual([]);
});
