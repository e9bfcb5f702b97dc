import { expect, test } from 'vitest';
import { regressions } from './regressions.ts';
import { run } from './run.ts';

test.each(regressions())('the world of %s breaks no law any more', async (_file, { plan }) => {
  const { failure } = await run(plan);
  expect(failure && `${failure.law}: ${failure.message}`).toBeUndefined();
});
