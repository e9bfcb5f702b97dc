import { vi } from 'vitest';

export interface Patience {
  /** A machine may be busy: how fast it is, no test asks. */
  readonly patienceMs?: number | undefined;
  /** Looking costs something where it is a request. */
  readonly everyMs?: number;
}

/** What holds in the end. */
export function eventually<Result>(
  holds: () => Result | Promise<Result>,
  { patienceMs = 15_000, everyMs = 50 }: Patience = {},
): Promise<Result> {
  return vi.waitFor(holds, { timeout: patienceMs, interval: everyMs });
}
