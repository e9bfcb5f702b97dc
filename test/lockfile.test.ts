import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      inBundle: z.boolean().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

/** Newer versions of npm refuse `npm ci` when the lockfile lacks an optional package, also one of another platform. */
test('the lockfile has the optional packages of every platform, so that npm ci works on each', () => {
  const { packages } = lockfile.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  // What comes inside another package's archive is never installed by itself.
  const installed = Object.entries(packages).filter(([, { inBundle }]) => inBundle !== true);
  const missing = installed.flatMap(([where, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => {
      const places = [`node_modules/${name}`, `${where}/node_modules/${name}`];
      return places.every((place) => packages[place]?.version === undefined);
    }),
  );
  expect(missing).toEqual([]);
});
