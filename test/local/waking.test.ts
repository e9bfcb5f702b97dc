import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FunctionEntry, manifest } from '../../functions/manifest.ts';
import { waking } from '../../local/waking.ts';
import { startTestCell, type TestCell } from '../support/cell.ts';

const entries: readonly FunctionEntry[] = manifest;

let cell: TestCell;
beforeAll(async () => {
  cell = await startTestCell({ venue: 'internal' });
});
afterAll(() => cell.stop());

test('every function that neither a request nor a clock wakes is woken by the embedded cell, or says why not', () => {
  const others = entries.filter(({ trigger }) => trigger.kind !== 'http' && trigger.kind !== 'schedule');
  expect(Object.keys(waking).toSorted()).toEqual(others.map(({ name }) => name).toSorted());
});

test('the cursors it is said to have are those that run', () => {
  const said = Object.values(waking).flatMap((one) => (one.by === 'cursor' ? one.consumers : []));
  const running = cell.cell.dependencies.consumers.consumers.map(({ name }) => name);
  expect(running.toSorted()).toEqual(said.toSorted());
});
