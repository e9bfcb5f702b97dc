import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FunctionName } from '../../functions/manifest.ts';
import { type Bundle, bundle, bundleAll, type Code } from '../../lib/bundle/bundle.ts';
import { partsOf } from '../../lib/bundle/parts.ts';

/** KB of code that is loaded before the first call, without the tracer. */
const ceiling = 450;
/** Who loads what seldom anybody asks for when somebody does. KB of that. */
const laterCeilings: Readonly<Partial<Record<FunctionName, number>>> = {
  'venue-reports': 60,
  approvals: 60,
  parked: 250,
};

/** What stands where something was left out. */
const replacementBytesMax = 250;

let folder: string;
let bundles: readonly Bundle[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ordercell-bundles-'));
  bundles = await bundleAll(folder);
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

test('no function is larger than what loads in good time', () => {
  const sizes = bundles.map(({ name, code }) => ({ name, kilobytes: kilobytesOf(code) }));
  expect(sizes.filter(({ kilobytes }) => kilobytes > ceiling)).toEqual([]);
});

test('only what is seldom asked for is loaded later', () => {
  const ceilings = new Map<string, number>(Object.entries(laterCeilings));
  const sizes = bundles.map(({ name, later }) => ({ name, kilobytes: kilobytesOf(later) }));
  expect(new Set(sizes.filter(({ kilobytes }) => kilobytes > 0).map(({ name }) => name))).toEqual(
    new Set(ceilings.keys()),
  );
  expect(sizes.filter(({ name, kilobytes }) => kilobytes > (ceilings.get(name) ?? 0))).toEqual([]);
});

test('no function carries the tracer, the languages of zod, or what the SDK does elsewhere than in Lambda', () => {
  const unwanted =
    /powertools\/tracer|aws-xray|zod\/v4\/locales\/(?!en\.js)|credential-provider-(ini|sso|process|login)|nested-clients|mnemonist|RateLimiter\.js|parseIni/;
  const replaced =
    /Sha256Js|AdaptiveRetry|loadSharedConfigFiles|InstanceMetadata|stream-[a-z]+\.browser|package\.json/i;
  expect([...carried(unwanted), ...carried(replaced, replacementBytesMax)]).toEqual([]);
});

test('only the description of the API carries what writes schemas down', async () => {
  const writers = carried(/zod\/v4\/core\/[a-z-]*json-schema/, replacementBytesMax);
  expect(new Set(writers.map(({ name }) => name))).toEqual(new Set(['openapi']));
  const own = carried(/^(functions|platform|domain)\//).filter(({ name }) => name !== 'openapi');
  for (const file of new Set(own.map((one) => one.file)))
    expect([file, (await readFile(file, 'utf8')).includes('toJSONSchema(')]).toEqual([file, false]);
});

test('what was left out says so when it is reached', async () => {
  const [reached] = await bundle({ reached: 'test/functions/left-out-reached.ts' }, folder);
  const { standard, adaptive } = await import(join(reached?.folder ?? '', 'index.mjs'));
  expect(await standard()).toMatchObject({ mode: 'standard' });
  await expect(adaptive()).rejects.toThrow('AdaptiveRetryStrategy.js was left out of the bundle');
});

test('a function carries no word of the manifest about another', () => {
  for (const one of bundles.filter(({ name }) => name !== 'openapi')) {
    const parts = new Map(partsOf(one));
    const bytes = (parts.get('functions/manifest') ?? 0) + (parts.get('functions/manifest.ts') ?? 0);
    expect([one.name, bytes < 2_000]).toEqual([one.name, true]);
  }
});

test('no function loads Node’s HTTP without TLS before it needs it: it takes longer than all else', async () => {
  for (const { name, folder: of } of bundles)
    for (const file of (await readdir(of)).filter((one) => one.endsWith('.mjs') && one !== 'tracer.mjs')) {
      const code = await readFile(join(of, file), 'utf8');
      expect([name, file, /from\s*"(node:)?http"/.test(code)]).toEqual([name, file, false]);
    }
});

test('an order can be placed without what other functions are made of', () => {
  const place = bundles.find(({ name }) => name === 'place-order');
  const parts = new Map(place && partsOf(place));
  for (const part of [
    'domain/account',
    'domain/approval',
    'domain/transfer',
    'domain/venue',
    'domain/webhook',
    'platform/reporting',
    'platform/surveillance',
    'platform/venue',
    'functions/consumers',
  ])
    expect([part, (parts.get(part) ?? 0) < 1_500]).toEqual([part, true]);
});

test('who looks back at an account, or keeps lists, carries no rule by which orders are decided on', () => {
  const readers = ['read-account', 'portfolio-history', 'views'];
  const carrying = carried(/^domain\/order\/(decide|place|requests|reports)\.ts$/);
  expect(carrying.filter(({ name }) => readers.includes(name))).toEqual([]);
});

/** Of every function, the files that it has more than so many bytes of. */
function carried(files: RegExp, bytesMax = 0): readonly { readonly name: string; readonly file: string }[] {
  return bundles.flatMap(({ name, code }) =>
    Object.entries(code.inputs)
      .filter(([file, { bytesInOutput }]) => bytesInOutput > bytesMax && files.test(file))
      .map(([file]) => ({ name, file })),
  );
}

function kilobytesOf({ bytes }: Code): number {
  return Math.ceil(bytes / 1024);
}
