import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { configWith } from '../support/cell.ts';
import { hasPython, pythonPrograms } from '../support/python.ts';
import { run, type Workplace } from './children.ts';
import { type Deployed, deployedCells } from './deployed-target.ts';
import { type Emulator, knownTypes, startEmulator } from './emulator.ts';
import { divide, type LeftOut, stacksIn } from './stacks.ts';

/** `npm run test:deploy`: the real `cdk deploy` of two regions' cells to an emulator, driven from outside, and taken down. */
const root = resolve(import.meta.dirname, '../..');
const cache = join(root, '.cache');
const folder = join(cache, 'deploy');
const assembly = join(folder, 'cdk.out');
const regions = ['eu-central-1', 'us-east-1'] as const;
const awsAccount = '000000000000';
const deadlineMs = 360_000;
const exitNoPython = 3;

/** What no run against this emulator can show, whatever the stacks are. */
const neverShown = [
  'rights: the emulator enforces no IAM, so a role that lacks one is not seen (test/lib asserts them one by one)',
  'keys: the emulator encrypts nothing and knows no condition of a key',
  'alarms, and a config that is taken back by one: its metrics ring nothing',
  'arm64: functions ran as processes of this machine, under its Node',
  'answers that go on (GET /v2/events/trades, through its function URL): not asked for',
  'two regions apart: both are one process of the emulator',
];

async function step<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  const begin = performance.now();
  const value = await work();
  console.log(`${name.padEnd(52)} ${((performance.now() - begin) / 1_000).toFixed(1).padStart(6)} s`);
  return value;
}

function environment(temporary: string): NodeJS.ProcessEnv {
  const { AWS_PROFILE: _, ...others } = process.env;
  const programs = [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env['PATH']];
  return {
    ...others,
    PATH: programs.join(delimiter),
    TMPDIR: temporary,
    CDK_HOME: join(folder, 'cdk-home'),
    CDK_DEFAULT_ACCOUNT: awsAccount,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: regions[0],
    AWS_CONFIG_FILE: join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function cdk(workplace: Workplace, name: string, words: readonly string[]): Promise<string> {
  return run(workplace, name, [join(root, 'node_modules/.bin/cdk'), ...words]);
}

async function synthesised(workplace: Workplace, emulator: Emulator): Promise<void> {
  // The receivers of its webhooks are on this machine.
  const webhooks = { allowHttp: true, allowedNetworks: ['127.0.0.0/8'], ports: 'any' };
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(configWith({ webhooks })));
  const context = [
    `regions=${regions.join(',')}`,
    `firstConfig=${config}`,
    `executeApi=${executeApi(emulator, '{api}')}`,
  ];
  const options = context.flatMap((one) => ['-c', one]);
  await cdk(workplace, 'synth', ['synth', '--quiet', '--output', assembly, ...options]);
}

/** What of the outputs begins so. */
function output(outputs: Readonly<Record<string, string>>, begins: string): string {
  const found = Object.entries(outputs).find(([name]) => name.startsWith(begins));
  if (!found) throw new Error(`the stack has no output ${begins}...`);
  return found[1];
}

async function deployed(workplace: Workplace, stacks: readonly string[]): Promise<Outputs> {
  const file = join(folder, 'outputs.json');
  const words = ['deploy', '--app', assembly, '--exclusively', '--require-approval', 'never'];
  const how = ['--method', 'direct', '--concurrency', '2', '--progress', 'events', '--outputs-file', file];
  await cdk(workplace, 'deploy', [...words, ...how, ...stacks]);
  const { default: outputs } = await import(file, { with: { type: 'json' } });
  return outputs;
}

type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

async function firstKey(
  workplace: Workplace,
  region: string,
  endpoint: string,
): Promise<Deployed['administrator']> {
  const words = ['--cell', region, '--endpoint', endpoint];
  const printed = await run(workplace, 'first-key', [process.execPath, 'local/first-key.ts', ...words]);
  const [, keyId = '', secret = ''] = /key id +(\S+)\s+secret +(\S+)/.exec(printed) ?? [];
  return { keyId, secret };
}

/** What the emulator has for `https://ID.execute-api.REGION.amazonaws.com`. */
function executeApi({ endpoint }: Pick<Emulator, 'endpoint'>, apiId: string): string {
  return `${endpoint}/_aws/execute-api/${apiId}`;
}

async function cellOf(
  workplace: Workplace,
  region: string,
  { endpoint }: Emulator,
  outputs: Outputs,
): Promise<Deployed> {
  const ofCell = outputs[`Ordercell-${region}-Cell`] ?? {};
  const idIn = (name: string) => new URL(output(ofCell, name)).hostname.split('.')[0] ?? '';
  return {
    region,
    endpoint,
    address: `${executeApi({ endpoint }, idIn('DoorAddress'))}/$default`,
    stream: `${executeApi({ endpoint }, idIn('StreamDoorAddress'))}/stream`,
    administrator: await firstKey(workplace, region, endpoint),
    archive: output(outputs[`Ordercell-${region}-Data`] ?? {}, 'ExportsOutputRefArchive'),
  };
}

async function drive(workplace: Workplace, cells: readonly Deployed[]): Promise<void> {
  const file = join(folder, 'cells.json');
  writeFileSync(file, JSON.stringify(cells));
  const env = { ...workplace.env, [deployedCells]: file, NO_COLOR: '1' };
  const vitest = join(root, 'node_modules/.bin/vitest');
  const words = ['run', '--config', 'test/deploy/vitest.config.ts', '--root', root, '--reporter', 'verbose'];
  console.log(await run({ ...workplace, env }, 'drive', [vitest, ...words]));
}

/** As docs/deploy.md says: what keeps data stays. */
async function tornDown(workplace: Workplace, stacks: readonly string[]): Promise<void> {
  const kept = /-(Data|Audit)$/;
  const gone = stacks.filter((name) => !kept.test(name));
  await cdk(workplace, 'destroy', ['destroy', '--app', assembly, '--exclusively', '--force', ...gone]);
}

async function show(workplace: Workplace, programs: string): Promise<readonly LeftOut[]> {
  const emulator = await step('emulator started', () => startEmulator(workplace, programs));
  const env = { ...workplace.env, AWS_ENDPOINT_URL: emulator.endpoint };
  const there = { ...workplace, env };
  try {
    await step('synth of two regions', () => synthesised(workplace, emulator));
    const { leftOut, deployed: stacks } = divide(stacksIn(assembly), await knownTypes(workplace, programs));
    const places = regions.map((region) => `aws://${awsAccount}/${region}`);
    await step('cdk bootstrap, each region', () =>
      cdk(there, 'bootstrap', ['bootstrap', '--app', assembly, ...places]),
    );
    const outputs = await step(`cdk deploy of ${stacks.length} stacks`, () => deployed(there, stacks));
    console.log(stacks.map((name) => `  ${name}`).join('\n'));
    const cells: Deployed[] = [];
    for (const region of regions) cells.push(await cellOf(there, region, emulator, outputs));
    await step('driven from outside, both cells at once', () => drive(there, cells));
    await step('cdk destroy of what keeps no data', () => tornDown(there, stacks));
    return leftOut;
  } finally {
    await emulator.stop();
  }
}

async function main(): Promise<number> {
  if (!(await hasPython())) {
    const why = 'there is no python3 (3.10 or later) with venv on this machine';
    console.error(`\n  *** NOTHING WAS DEPLOYED: ${why}. ***\n`);
    return exitNoPython;
  }
  const begin = performance.now();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // Not in the repository: there the emulator's own scripts would be ES modules, by our package.json.
  const temporary = mkdtempSync(join(tmpdir(), 'ordercell-deploy-'));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
  const overdue = setTimeout(
    () => stopping.abort(new Error(`not done within ${deadlineMs / 1_000} s`)),
    deadlineMs,
  );
  const workplace = { env: environment(temporary), signal: stopping.signal, logs: folder };
  try {
    const requirements = join(import.meta.dirname, 'requirements.txt');
    const programs = await step('emulator installed (kept for the next run)', () =>
      pythonPrograms(join(cache, 'ministack'), requirements),
    );
    const leftOut = await show(workplace, programs);
    for (const { stack, unknown } of leftOut)
      console.log(`NOT SHOWN  ${stack}: the emulator does not know ${unknown.join(', ')}`);
    for (const what of neverShown) console.log(`NOT SHOWN  ${what}`);
    const seconds = Math.round((performance.now() - begin) / 1_000);
    console.log(`\n${leftOut.length + neverShown.length} things not shown, ${seconds} s in all`);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(`\nwhat every command said is in ${folder}`);
    return 1;
  } finally {
    clearTimeout(overdue);
    rmSync(temporary, { recursive: true, force: true });
  }
}

process.exitCode = await main();
