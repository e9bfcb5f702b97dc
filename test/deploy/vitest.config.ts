import { defineConfig } from 'vitest/config';

/** Run by main.ts, against cells that it has deployed. */
export default defineConfig({
  test: {
    include: ['test/deploy/*.e2e.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
