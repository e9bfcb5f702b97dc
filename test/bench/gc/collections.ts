import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** What was collected in a while. */
export interface Collections {
  readonly pauses: readonly { readonly isMajor: boolean; readonly ms: number }[];
  readonly allocatedBytes: number;
}

const answerMaxMs = 5_000;
const lookEveryMs = 20;

/** What the recorder in a process has to say since it was asked last. Throws when it does not answer. */
export async function collectionsOf(processId: number, file: string): Promise<Collections> {
  rmSync(file, { force: true });
  process.kill(processId, 'SIGUSR2');
  for (let waited = 0; waited < answerMaxMs; waited += lookEveryMs) {
    await setTimeout(lookEveryMs);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text.endsWith('}')) return JSON.parse(text);
  }
  throw new Error(`process ${processId} does not say what it collected`);
}

/** Of sorted or unsorted numbers; 0 of none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
