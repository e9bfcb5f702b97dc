import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Running, run, start, type Workplace } from './children.ts';

export interface Emulator extends Running {
  readonly endpoint: string;
}

const startMs = 30_000;

/** MiniStack on a free port of the loopback, with nothing kept after it ends. */
export async function startEmulator(workplace: Workplace, programs: string): Promise<Emulator> {
  const port = await freePort();
  const env = { ...workplace.env, BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port) };
  const emulator = start({ ...workplace, env }, 'emulator', [join(programs, 'ministack')]);
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await answering(`${endpoint}/_ministack/health`, emulator);
  } catch (error) {
    await emulator.stop();
    throw error;
  }
  return { ...emulator, endpoint };
}

/** The types of resources that it makes, by its own list. A stack with any other is refused whole. */
export async function knownTypes(workplace: Workplace, programs: string): Promise<ReadonlySet<string>> {
  const asked =
    'import json; from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS as known; print(json.dumps(list(known)))';
  const printed = await run(workplace, 'known-types', [join(programs, 'python'), '-c', asked]);
  const types: readonly string[] = JSON.parse(printed);
  return new Set(types);
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

async function answering(url: string, { child }: Running): Promise<void> {
  const lastMoment = performance.now() + startMs;
  while (performance.now() < lastMoment) {
    if (child.exitCode !== null) throw new Error(`the emulator ended with code ${child.exitCode}`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the emulator did not answer within ${startMs} ms`);
}
