import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as administration from '../../functions/manifest/administration.ts';
import * as consumers from '../../functions/manifest/consumers.ts';
import * as schedules from '../../functions/manifest/schedules.ts';
import * as sockets from '../../functions/manifest/sockets.ts';
import * as trading from '../../functions/manifest/trading.ts';
import { type FunctionEntry, httpFunctions, manifest } from '../../functions/manifest.ts';

const entries: readonly FunctionEntry[] = manifest;
const routes = httpFunctions.flatMap(({ trigger }) => [...trigger.routes]);

test('every handler file is in the manifest, and every entry has its file', () => {
  const isHandler = (file: string) =>
    /: ApiFunction\b/.test(readFileSync(file, 'utf8')) ||
    /^functions\/(consumers|schedules|sockets)\//.test(file);
  const files = globSync('functions/{api,consumers,schedules,sockets}/*.ts').filter(isHandler).toSorted();
  const declared = new Set(entries.map(({ file }) => `functions/${file}`));
  expect(files).toEqual([...declared].toSorted());
});

test('every function that is declared is in the list', () => {
  const declared = [administration, consumers, schedules, sockets, trading].flatMap((group) =>
    Object.values<FunctionEntry>({ ...group }),
  );
  expect(declared.map(({ name }) => name).toSorted()).toEqual(entries.map(({ name }) => name).toSorted());
});

test('names and routes are unique', () => {
  const names = entries.map(({ name }) => name);
  const paths = routes.map(({ route }) => route);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(paths).size).toBe(paths.length);
});

test('trading keys get nothing of /v1, and operators nothing of /v2', () => {
  for (const { route, access } of routes) {
    if (access === 'public') continue;
    const isAdministration = route.includes(' /v1/');
    expect([route, access === 'trading']).toEqual([route, !isAdministration]);
  }
});

test('an auditor only reads', () => {
  const writing = routes.filter(({ route }) => !route.startsWith('GET '));
  const open = writing.filter(
    ({ access }) => typeof access !== 'string' && access.some((role) => role === 'auditor'),
  );
  expect(open).toEqual([]);
});

test('every function answers within what a caller of Lambda waits for, and one that nobody waits for within its life', () => {
  for (const { name, trigger, deadlineMs } of entries) {
    const isDaily = trigger.kind === 'schedule' && trigger.everyMinutes === 1_440;
    expect([name, deadlineMs <= (isDaily ? 899_000 : 30_000)]).toEqual([name, true]);
  }
});

test('the change feed wakes two functions, as many as it bears: who publishes what it brings, and who archives it', () => {
  const reading = entries.filter(({ trigger }) => trigger.kind === 'feed').map(({ name }) => name);
  expect(reading).toEqual(['relay', 'archive']);
});

test('whoever publishes to the bus is the relay, or drives again what it parked', () => {
  const publishing = entries.filter(({ rights }) => rights.bus === 'publish').map(({ name }) => name);
  expect(publishing.toSorted()).toEqual(['parked', 'relay']);
});
