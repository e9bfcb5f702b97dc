import { spawn } from 'node:child_process';

/**
 * Runs java as long as somebody holds the other end of our standard input. The operating system closes that end when the tests'
 * process dies, however it dies, so no JVM is left behind.
 */
const java = spawn('java', process.argv.slice(2), { stdio: ['ignore', 'ignore', 'inherit'] });
java.on('error', () => process.exit(1));
java.on('exit', (code) => process.exit(code ?? 0));
process.stdin.on('end', () => java.kill('SIGKILL')).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => java.kill('SIGKILL'));
