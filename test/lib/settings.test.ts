import { expect, test } from 'vitest';
import { BadSetting, cellsOf } from '../../lib/settings.ts';
import { readFileSync } from 'node:fs';
import { appWith } from './support/app.ts';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
const cells = (overrides: Readonly<Record<string, unknown>>) =>
  cellsOf(appWith({ ...context, ...overrides }).node, undefined);

test('each region of the context is a cell, also when -c says them in one text', () => {
  const names = cells({ regions: 'eu-west-1, ap-southeast-2' }).map(({ cell, region }) => [cell, region]);
  expect(names).toEqual([
    ['eu-west-1', 'eu-west-1'],
    ['ap-southeast-2', 'ap-southeast-2'],
  ]);
});

test('numbers may come as texts', () => {
  expect(cells({ archiveDays: '365' })[0]?.archive).toEqual({ mode: 'GOVERNANCE', days: 365 });
});

test.each([
  [{ regions: [] }, 'context "regions"'],
  [{ regions: 'europe' }, 'names of AWS regions'],
  [{ regions: 'eu-west-1,eu-west-1' }, 'each region once'],
  [{ archiveMode: 'compliance' }, 'COMPLIANCE, or GOVERNANCE'],
  [{ archiveDays: 0 }, 'context "archiveDays" of cdk.json or -c is 0; it has to be a whole number above 0'],
  [{ burst: '1e3x' }, 'a whole number above 0'],
  [{ secretRotationDays: 0 }, 'a whole number above 0'],
  [{ secretRotationDays: 1_001 }, 'it has to be at most 1000 days'],
  [{ firstConfig: '' }, 'context "firstConfig"'],
])('%j is refused with what would be right', (overrides, message) => {
  expect(() => cells(overrides)).toThrow(BadSetting);
  expect(() => cells(overrides)).toThrow(message);
});
