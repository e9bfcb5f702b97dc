import type { ForkOptions } from 'node:child_process';

/** Each of these belongs to one process: a port that is taken, a file that two would write. */
const ownFlags = /^--(?:inspect|debug|prof$|prof=|cpu-prof|heap-prof|heapsnapshot|trace-event|watch)/;
const codeFlags = new Set(['-e', '--eval', '-p', '-pe', '--print']);

/** As the parent runs, without its inspector and profiles: what it takes to run the sources, and bounds of memory. */
export function forkOptions(
  parent: Pick<NodeJS.Process, 'execArgv' | 'env'>,
): Pick<ForkOptions, 'execArgv' | 'env'> {
  const { NODE_OPTIONS: options, ...env } = parent.env;
  const kept = withoutOwn((options ?? '').split(/\s+/).filter((word) => word !== ''));
  return {
    execArgv: [...withoutOwn(parent.execArgv)],
    env: kept.length > 0 ? { ...env, NODE_OPTIONS: kept.join(' ') } : env,
  };
}

/** A word that is no flag is the value of the flag before it. */
function withoutOwn(words: readonly string[]): readonly string[] {
  let isDropped = false;
  return words.filter((word) => {
    if (word.startsWith('-')) isDropped = ownFlags.test(word) || codeFlags.has(word);
    return !isDropped;
  });
}
