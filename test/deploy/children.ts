import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { join } from 'node:path';

export interface Running {
  readonly child: ChildProcess;
  /** Ends it and everything it started. */
  readonly stop: () => Promise<void>;
}

export interface Workplace {
  readonly env: NodeJS.ProcessEnv;
  /** Everything is over when it is. */
  readonly signal: AbortSignal;
  /** A folder for what commands say. */
  readonly logs: string;
}

/** Starts a command under the guard, with what it says in a file of the workplace. */
export function start({ env, signal, logs }: Workplace, name: string, words: readonly string[]): Running {
  const guard = join(import.meta.dirname, 'child-guard.ts');
  const child = spawn(process.execPath, [guard, ...words], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const log = createWriteStream(join(logs, `${name}.log`), { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const over = written(child, log);
  const stop = async () => {
    child.stdin.end();
    await over;
  };
  signal.addEventListener('abort', () => child.stdin.end(), { once: true });
  return { child, stop };
}

async function written(child: ChildProcess, log: WriteStream): Promise<void> {
  await once(child, 'close');
  log.end();
  await finished(log);
}

/** Runs a command to its end and gives what it printed. Throws where that was not a success, with the last of what it said. */
export async function run(workplace: Workplace, name: string, words: readonly string[]): Promise<string> {
  workplace.signal.throwIfAborted();
  const { child, stop } = start(workplace, name, words);
  const said: string[] = [];
  const printed: string[] = [];
  child.stdout?.on('data', (bytes: Buffer) => {
    printed.push(bytes.toString());
    said.push(bytes.toString());
  });
  child.stderr?.on('data', (bytes: Buffer) => said.push(bytes.toString()));
  const [code] = await once(child, 'close');
  await stop();
  workplace.signal.throwIfAborted();
  if (code === 0) return printed.join('');
  throw new Error(`${words.slice(0, 3).join(' ')} ended with ${code}:\n${said.join('').slice(-4_000)}`);
}
