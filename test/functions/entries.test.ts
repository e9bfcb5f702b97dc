import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { placeOrder } from '../../functions/api/place-order.ts';
import { descriptions } from '../../functions/api/openapi/descriptions.ts';
import { routesWithQuery } from '../../functions/api/door/queries.ts';
import { entryFileOf } from '../../functions/environment.ts';
import { apiFunction } from '../../functions/lambda/api.ts';
import { withOrders, withViews } from '../../functions/lambda/parts.ts';
import * as trading from '../../functions/manifest/trading.ts';
import { manifest } from '../../functions/manifest.ts';

test('every function of the manifest has an entry, and there is no other', () => {
  const files = globSync('functions/entries/*.ts').toSorted();
  expect(files).toEqual(manifest.map(({ name }) => entryFileOf(name)).toSorted());
});

test('an entry composes its own function and no other', () => {
  for (const { name, file } of manifest) {
    const source = readFileSync(entryFileOf(name), 'utf8');
    const folder = /\.\.\/(?:api|consumers|schedules)\/[\w-]+\.ts/g;
    const imported = [...source.matchAll(folder)].map(([path]) => path.slice('../'.length));
    expect([name, imported.filter((path) => path !== file)]).toEqual([name, []]);
  }
});

test('an entry stands for the function it is named after', () => {
  for (const { name } of manifest) {
    const source = readFileSync(entryFileOf(name), 'utf8');
    const own = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const others = [...source.matchAll(/\bdeclared\.(\w+)/g)]
      .map(([, one]) => one)
      .filter((one) => one !== own);
    expect([name, others]).toEqual([name, []]);
  }
});

test('an entry that gives its function less than it reaches does not compile', () => {
  // @ts-expect-error placing an order takes more than the lists
  expect(apiFunction(trading.placeOrder, placeOrder, withViews)).toBeTypeOf('function');
  // @ts-expect-error and more than deciding on orders
  expect(apiFunction(trading.placeOrder, placeOrder, withOrders)).toBeTypeOf('function');
});

test('loading an entry needs no environment, reaches nothing, and gives a handler', () => {
  const script = resolve(import.meta.dirname, 'entries-alone.ts');
  const printed = execFileSync(process.execPath, [script], { env: {}, encoding: 'utf8' });
  const expected = manifest.map(({ name }) => `${name}.ts handler`).toSorted();
  expect(printed.trim().split('\n')).toEqual(expected);
});

test('what the door knows of queries is what the descriptions say', () => {
  const described = Object.entries(descriptions).filter(
    ([, description]) => description?.query !== undefined,
  );
  expect([...routesWithQuery].toSorted()).toEqual(described.map(([route]) => route).toSorted());
});
