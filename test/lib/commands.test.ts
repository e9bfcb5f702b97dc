import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

async function run(script: string, words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  try {
    const options = { env: { ...process.env, ...env } };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...words], options);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = Object(error);
    return { code: Number(code), out: String(stdout), err: String(stderr) };
  }
}

const commands = ['capacity', 'cost', 'availability'].map((name) => [name, `lib/${name}/main.ts`] as const);

test.each(commands)(
  '%s prints, says what it takes, and refuses anything else in one sentence',
  async (name, script) => {
    expect(await run(script, [])).toMatchObject({ code: 0, err: '' });
    const help = await run(script, ['--help']);
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining(`npm run ${name}`), err: '' });
    const err = "Unknown option '--orders'; --help lists what there is\n";
    expect(await run(script, ['--orders', '5'])).toEqual({ code: 2, out: '', err });
  },
);

test.each([
  [
    '--orders-per-day',
    'abc',
    '--orders-per-day is a number above 0, e.g. --orders-per-day 200000000, not "abc"\n',
  ],
  ['--peak', '0', '--peak is a number above 0, e.g. --peak 5, not "0"\n'],
  ['--region', 'mars', '--region is us-east-1 or eu-central-1, whose quotas are on record, not "mars"\n'],
])('capacity %s %s is refused with what would be right', async (option, value, err) => {
  expect(await run('lib/capacity/main.ts', [option, value])).toEqual({ code: 2, out: '', err });
});

test('a setting that cannot be used is told in one sentence, without a stack', async () => {
  const err =
    'context "regions" of cdk.json or -c is "mars"; it has to be names of AWS regions, as in -c regions=eu-central-1,us-east-1\n';
  const env = {
    CDK_CONTEXT_JSON:
      '{"regions":"mars","archiveMode":"GOVERNANCE","archiveDays":1,"requestsPerSecond":1,"burst":1,"secretRotationDays":1,"streamReadersMax":1,"executeApi":"x","firstConfig":"x"}',
  };
  expect(await run('lib/app.ts', [], env)).toEqual({ code: 1, out: '', err });
});
