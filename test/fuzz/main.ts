import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { DemoKey } from '../../local/demo.ts';
import { configWith, startTestCell, type TestCell } from '../support/cell.ts';
import { hasPython, pythonPrograms } from '../support/python.ts';
import { reconcile } from '../../platform/ledger/reconcile.ts';
import { systemClock } from '../../platform/clock/clock.ts';

/** An OpenAPI fuzzer that nobody here wrote, against a running cell: everything answered has to be in the document. */
const here = import.meta.dirname;
const environment = resolve(here, '../../.cache/schemathesis');
const requirements = join(here, 'requirements.txt');

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    examples: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '12' },
  },
});

const keysPath = '^/v1/keys/';

interface Visit {
  readonly name: string;
  readonly key: DemoKey;
  /** Which paths this key is for; everybody else's only have to be refused as documented. */
  readonly paths: string;
}

/** Where git looks at nothing: the fuzzer keeps notes beside where it runs. */
const workplace = resolve(here, '../../.cache');

async function run(command: string, words: readonly string[]): Promise<number> {
  const child = spawn(command, words, { stdio: 'inherit', cwd: workplace });
  const [code] = await once(child, 'exit');
  return Number(code ?? 1);
}

async function visitsOf(cell: TestCell): Promise<readonly Visit[]> {
  const issue = (role: string) => cell.issue({ role, person_id: role });
  return [
    { name: 'client', key: cell.key('first'), paths: '^/(v2|openapi)' },
    { name: 'administrator', key: cell.key('administrator'), paths: '^/v1' },
    { name: 'operator', key: await issue('operator'), paths: '^/v1' },
    { name: 'risk', key: await issue('risk'), paths: '^/v1/(accounts|approvals|kill|orders)' },
    { name: 'auditor', key: await issue('auditor'), paths: '^/v1' },
    {
      name: 'venue',
      key: await cell.issue({ role: 'venue', venue_id: 'XSIM', person_id: 'venue' }),
      paths: '^/v1/(orders|instruments)',
    },
    { name: 'client on /v1', key: cell.key('second'), paths: '^/v1' },
    // Last: it finds its own key in the list, and then nobody lets it in.
    { name: 'who revokes keys', key: cell.key('administrator'), paths: keysPath },
  ];
}

const headers = (named: Readonly<Record<string, string>>) =>
  Object.entries(named).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
const options = (named: Readonly<Record<string, string>>) =>
  Object.entries(named).flatMap(([name, value]) => [`--${name}`, value]);

async function visit(program: string, cell: TestCell, { name, key, paths }: Visit): Promise<boolean> {
  console.log(`\n== ${name}: ${paths}`);
  const others = paths === keysPath ? [] : ['--exclude-path-regex', keysPath];
  const code = await run(program, [
    '--config-file',
    join(here, 'schemathesis.toml'),
    '--no-color',
    'run',
    `${cell.address}/openapi.json`,
    ...headers({ 'APCA-API-KEY-ID': key.keyId, 'APCA-API-SECRET-KEY': key.secret }),
    ...options({ 'include-path-regex': paths, phases: 'examples,coverage,fuzzing', checks: 'all' }),
    ...options({ 'max-examples': values.examples, 'max-time': values.seconds, seed: values.seed }),
    ...options({ 'generation-database': 'none', warnings: 'off' }),
    '--continue-on-failure',
    ...others,
  ]);
  return code === 0;
}

async function main(): Promise<number> {
  if (!(await hasPython())) {
    console.error('\n  *** THE API WAS NOT FUZZED: there is no python3 with venv on this machine. ***\n');
    return 0;
  }
  const program = join(await pythonPrograms(environment, requirements), 'st');
  const cell = await startTestCell({
    clock: systemClock,
    venue: 'internal',
    config: configWith({ 'rateLimits.default': 'unlimited', 'rateLimits.failedAuthentication': 'unlimited' }),
  });
  try {
    const failed: string[] = [];
    for (const one of await visitsOf(cell)) if (!(await visit(program, cell, one))) failed.push(one.name);
    const { differences } = await reconcile(cell.cell.dependencies.store);
    console.log(`\nundocumented answers for: ${failed.join(', ') || 'nobody'}; differences: ${differences}`);
    return failed.length === 0 && differences === 0 ? 0 : 1;
  } finally {
    await cell.stop();
  }
}

process.exitCode = await main();
