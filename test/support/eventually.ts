import { vi } from 'vitest';

/** A machine may be busy: how fast it is, no test asks. */
const patience = 15_000;

/** What holds in the end, at the latest after so many milliseconds. */
export function eventually<Result>(
  holds: () => Result | Promise<Result>,
  patienceMs: number = patience,
): Promise<Result> {
  return vi.waitFor(holds, { timeout: patienceMs, interval: 10 });
}
