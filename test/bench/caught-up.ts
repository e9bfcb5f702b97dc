import { setTimeout } from 'node:timers/promises';

const lookEveryMs = 100;
const defaultMaxMs = 120_000;
const callMaxMs = 10_000;

/**
 * Waits until nothing that follows a cell's log has anything left to do, so that it takes no time from whatever is measured next.
 * Throws when it does not get there.
 */
export async function caughtUp(
  { address }: { readonly address: string },
  waitMaxMs = defaultMaxMs,
): Promise<void> {
  for (let waited = 0; waited < waitMaxMs; waited += lookEveryMs) {
    const answer = await fetch(`${address}/metrics`, { signal: AbortSignal.timeout(callMaxMs) });
    const behind = [...(await answer.text()).matchAll(/^ordercell_consumer_behind\{.*\} (\S+)$/gm)];
    if (behind.length > 0 && behind.every(([, commits]) => Number(commits) === 0)) return;
    await setTimeout(lookEveryMs);
  }
  throw new Error(`the consumers of ${address} have not caught up in ${waitMaxMs / 1_000} s`);
}
