import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Whether there is a Python of 3.10 or later that makes virtual environments; Debian has what they need in a package of its own. */
export async function hasPython(): Promise<boolean> {
  const asked = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  const child = spawn('python3', ['-c', asked], { stdio: 'ignore' });
  const failed = once(child, 'error').then(() => false);
  const exited = once(child, 'exit').then(([code]) => code === 0);
  return Promise.race([failed, exited]);
}

const installMs = 120_000;

/**
 * The folder of programs of a virtual environment with exactly the versions of a requirements file. Made once, in a folder that git
 * ignores; from which index is pip's own configuration.
 */
export async function pythonPrograms(environment: string, requirements: string): Promise<string> {
  mkdirSync(dirname(environment), { recursive: true });
  const programs = join(environment, 'bin');
  const installed = join(environment, 'installed.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return programs;
  const bounds = ['--timeout', '20', '--retries', '1', '--disable-pip-version-check'];
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['python3', ['-m', 'venv', '--clear', environment]],
    [join(programs, 'pip'), ['install', '--quiet', ...bounds, '--no-deps', '-r', requirements]],
    ['cp', [requirements, installed]],
  ];
  for (const [command, words] of steps) {
    const child = spawn(command, words, { stdio: 'inherit', timeout: installMs, killSignal: 'SIGKILL' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${command} ${words.join(' ')} failed`);
  }
  return programs;
}
