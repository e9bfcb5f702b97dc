import { configDefaults, defineConfig } from 'vitest/config';

/** They share a process and what it has loaded: none of them touches the environment, a module's own state, or DynamoDB Local. */
const inProcess =
  'aggregates archive change-feed clock command-handler consumer event-bus keys sessions telemetry';
const shared = [
  'domain',
  'functions/api',
  'docs',
  'lib',
  ...inProcess.split(' ').map((one) => `platform/${one}`),
].map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    globalSetup: ['test/support/dynamodb-local-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // As test/support/eventually.ts: how fast a machine is, no test asks.
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...shared],
        },
      },
    ],
  },
});
