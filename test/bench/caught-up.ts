import { setTimeout } from 'node:timers/promises';

const lookEveryMs = 100;
const waitMaxMs = 120_000;
const callMaxMs = 10_000;

/**
 * Waits until a cell's lists have nothing left to do, so that they take no time from whatever is measured next. Throws when they do not
 * get there.
 */
export async function caughtUp({ address }: { readonly address: string }): Promise<void> {
  for (let waited = 0; waited < waitMaxMs; waited += lookEveryMs) {
    const answer = await fetch(`${address}/metrics`, { signal: AbortSignal.timeout(callMaxMs) });
    const behind = /^ordercell_consumer_behind\{consumer="views"\} (\S+)$/m.exec(await answer.text());
    if (behind && Number(behind[1]) === 0) return;
    await setTimeout(lookEveryMs);
  }
  throw new Error(`the lists of ${address} have not caught up in ${waitMaxMs / 1_000} s`);
}
