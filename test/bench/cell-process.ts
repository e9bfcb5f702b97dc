import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { demoKeysFile, readDemoKeys } from '../../local/demo-keys-file.ts';
import type { DemoKey } from '../../local/demo.ts';

const ownRoot = join(import.meta.dirname, '..', '..');
const startMaxMs = 20_000;
const stopMaxMs = 15_000;

/** A server in a process of its own, as a user starts it. */
export interface ServerProcess {
  /** `http://127.0.0.1:4510` */
  readonly address: string;
  readonly processId: number;
  /** The end of what it wrote: its log and standard error. */
  readonly complaints: () => string;
  /** SIGTERM, and SIGKILL when that takes too long. */
  stop(): Promise<void>;
  /** SIGKILL, at once. */
  kill(): Promise<void>;
}

export interface CellProcess extends ServerProcess {
  readonly keys: readonly DemoKey[];
}

export interface CellProcessOptions {
  readonly folder: string;
  readonly port?: number;
  /** Of V8, in place of those that `npm start` gives. */
  readonly flags?: readonly string[];
  /** For Node itself, e.g. `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
  /** SIGKILL whenever this says so, also before it is ready. */
  readonly killOn?: AbortSignal;
  /** Default `off`: orders wait for what the test reports of them. */
  readonly venue?: 'internal' | 'off';
  /** Beside what this process has itself. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the cell's sources are, when it is another revision of them. */
  readonly root?: string;
}

/** The embedded cell, as `npm start` starts it. Throws when it does not get ready. */
export async function startCellProcess(options: CellProcessOptions): Promise<CellProcess> {
  const { folder, port = 0, nodeOptions = [], killOn, venue = 'off', root = ownRoot, environment } = options;
  const { flags = startFlags(root) } = options;
  // Every refusal and failure is logged; of the rest one line in a million, since what is measured is not a terminal.
  const words = [
    '--port',
    String(port),
    '--data',
    folder,
    '--log-every',
    '1000000',
    ...venueOption(root, venue),
  ];
  const script = join(root, 'local', 'main.ts');
  const server = await startServer([...flags, ...nodeOptions, script, ...words], killOn, environment);
  return { ...server, keys: readDemoKeys(demoKeysFile(folder)) ?? [] };
}

/** What `npm start` gives V8 in a revision. */
function startFlags(root: string): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const words: readonly string[] = String(scripts.start).split(' ');
  return words.filter((word) => word.startsWith('--') && word !== '--import');
}

/** Earlier revisions have no market of their own, and no word for it. */
function venueOption(root: string, venue: string): readonly string[] {
  const usage = readFileSync(join(root, 'local', 'options.ts'), 'utf8');
  return usage.includes('--venue') ? ['--venue', venue] : [];
}

/** Runs a script that prints a line of JSON with its `address` once it listens. */
export async function startServer(
  words: readonly string[],
  killOn?: AbortSignal,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], cwd: ownRoot, env });
  killOn?.addEventListener('abort', () => child.kill('SIGKILL'));
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4_000);
    });
  }
  const complaints = (): string => said;
  const address = await addressOf(child);
  if (address === undefined) {
    await end(child, 'SIGKILL');
    throw new Error(`${words.join(' ')} did not get ready: ${complaints()}`);
  }
  return {
    address,
    processId: child.pid ?? 0,
    complaints,
    stop: async () => end(child, 'SIGTERM'),
    kill: async () => end(child, 'SIGKILL'),
  };
}

async function addressOf(child: ChildProcess): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  if (!child.stdout) return undefined;
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const address = /"address":"([^"]+)"/.exec(line)?.[1];
    if (address !== undefined) resolve(address);
  });
  child.once('exit', () => resolve(undefined));
  const timer = setTimeout(() => resolve(undefined), startMaxMs);
  const address = await promise;
  clearTimeout(timer);
  return address;
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMaxMs);
  await exited;
  clearTimeout(timer);
}

/** The user and system time a process and those it began have used, in seconds; undefined where the operating system does not say. */
export function cpuSeconds(processId: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${processId}/stat`, 'utf8').split(') ')[1]?.split(' ');
    const begun = readFileSync(`/proc/${processId}/task/${processId}/children`, 'utf8').split(' ');
    const theirs = begun.filter((one) => one.trim() !== '').map((one) => cpuSeconds(Number(one)) ?? 0);
    return theirs.reduce((sum, one) => sum + one, (Number(fields?.[11]) + Number(fields?.[12])) / 100);
  } catch {
    // Only Linux has it, and only while the process lives: the measurement goes without.
    return undefined;
  }
}
