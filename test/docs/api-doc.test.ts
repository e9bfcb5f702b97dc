import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Access } from '../../functions/api/door/caller.ts';
import { httpFunctions } from '../../functions/manifest.ts';

const page = readFileSync('docs/api.md', 'utf8');
const declared = httpFunctions.flatMap(({ trigger }) => [...trigger.routes]);

/** The row of a table that begins with the route, without that. */
function rowOf(route: string): string | undefined {
  return page.split('\n').find((line) => line.startsWith(`| \`${route}\` |`));
}

/** Who a route is for, as the page puts it. Routes of `/v2` do not repeat that they are for clients. */
function who(access: Access): string | undefined {
  if (access === 'trading' || access === 'public') return undefined;
  const readers = ['administrator', 'operator', 'risk', 'auditor'] as const;
  const others = access.filter((role) => !readers.some((reader) => reader === role));
  const allRead = readers.every((reader) => access.includes(reader));
  return allRead ? ['readers', ...others].join(', ') : access.join(', ');
}

test.each(declared)('docs/api.md says what $route does, and who may', ({ route, access }) => {
  const row = rowOf(route);
  expect(row, `no table of docs/api.md has a row for ${route}`).toBeDefined();
  const named = who(access);
  if (named !== undefined) expect(row).toContain(`| ${named} |`);
});

test('docs/api.md has no route that does not exist', () => {
  const rows = [...page.matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE) \/v\d[^`]*)` \|/gm)];
  const documented = rows.map(([, route]) => route);
  const routes: readonly string[] = declared.map(({ route }) => route);
  expect(documented.filter((route) => !routes.includes(route ?? ''))).toEqual([]);
});
