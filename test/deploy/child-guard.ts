import { spawn } from 'node:child_process';

/**
 * Runs a command, and whatever that starts, as long as somebody holds the other end of our standard input. The operating system closes
 * that end when the process that started us dies, however it dies, so nothing is left behind.
 */
const [command = '', ...words] = process.argv.slice(2);
const child = spawn(command, words, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
const isGone = (error: unknown) => Object(error).code === 'ESRCH';

function end(): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', (code) => {
  end();
  process.exit(code ?? 1);
});
process.stdin.on('end', end).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
