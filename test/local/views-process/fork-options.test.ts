import { expect, test } from 'vitest';
import { forkOptions } from '../../../local/views-process/fork-options.ts';

test('what it takes to run and bounds of memory are kept; inspector, profiles and code on the command line are not', () => {
  const execArgv = [
    '--inspect=0',
    '--import',
    'tsx',
    '--cpu-prof-dir',
    'profiles',
    '--max-old-space-size=512',
    '--prof',
    '--eval',
    'run()',
  ];
  expect(forkOptions({ execArgv, env: {} }).execArgv).toEqual([
    '--import',
    'tsx',
    '--max-old-space-size=512',
  ]);
});

test('the same goes for NODE_OPTIONS, and the rest of the environment is handed on', () => {
  const env = { NODE_OPTIONS: ' --inspect-port 9229 --max-semi-space-size=32', LD_PRELOAD: 'layer.so' };
  expect(forkOptions({ execArgv: [], env }).env).toEqual({
    NODE_OPTIONS: '--max-semi-space-size=32',
    LD_PRELOAD: 'layer.so',
  });
  expect(forkOptions({ execArgv: [], env: { NODE_OPTIONS: '--inspect' } }).env).toEqual({});
});
