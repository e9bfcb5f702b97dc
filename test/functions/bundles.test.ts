import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FunctionName, manifest } from '../../functions/manifest.ts';
import { type Bundle, bundleAll } from '../../lib/bundle/bundle.ts';
import { partsOf } from '../../lib/bundle/parts.ts';

/** KB of code without the tracer: what a change may not make dearer. What we want is 450, see docs/speed.md. */
const ceiling = 585;
/** They do every consumer's work. */
const ceilings: Readonly<Partial<Record<FunctionName, number>>> = {
  relay: 450,
  openapi: 450,
  sweep: 640,
  'venue-reports': 590,
  parked: 680,
};

let folder: string;
let bundles: readonly Bundle[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ordercell-bundles-'));
  bundles = await bundleAll(folder);
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

test('no function carries more than it did', () => {
  const above = manifest.filter(({ name }) => kilobytesOf(name) > (ceilings[name] ?? ceiling));
  expect(above.map(({ name }) => `${name}: ${kilobytesOf(name)} KB`)).toEqual([]);
});

test('no function carries the tracer, the languages of zod, or what the SDK does to find credentials elsewhere', () => {
  const unwanted =
    /powertools\/tracer|aws-xray|zod\/v4\/locales\/(?!en\.js)|credential-provider-(ini|sso|process|login)|nested-clients/;
  const carried = bundles.flatMap(({ name, code }) =>
    Object.entries(code.inputs)
      .filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && unwanted.test(file))
      .map(([file]) => `${name}: ${file}`),
  );
  expect(carried).toEqual([]);
});

test('an order can be placed without what other functions are made of', () => {
  const place = bundles.find(({ name }) => name === 'place-order');
  const parts = new Map(place && partsOf(place));
  for (const part of ['domain/venue', 'platform/venue', 'platform/surveillance', 'functions/consumers'])
    expect([part, (parts.get(part) ?? 0) < 1_000]).toEqual([part, true]);
});

function kilobytesOf(name: string): number {
  const found = bundles.find((one) => one.name === name);
  return Math.ceil((found?.code.bytes ?? Number.POSITIVE_INFINITY) / 1024);
}
