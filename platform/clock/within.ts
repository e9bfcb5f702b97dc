import type { Clock } from './clock.ts';

/** Given as the reason, since to make an error that nobody looks at costs more than all the rest. */
const isDecided = 'decided';

/**
 * What comes first: the promise, or `otherwise` after the time. Nothing is left waiting for the other: a timer that nobody needs any
 * more would keep a process alive that has stopped.
 */
export async function within<Result>(
  promise: Promise<Result>,
  milliseconds: number,
  { clock, otherwise }: { readonly clock: Pick<Clock, 'sleep'>; readonly otherwise: Result },
): Promise<Result> {
  const decided = new AbortController();
  try {
    return await Promise.race([promise, clock.sleep(milliseconds, decided.signal).then(() => otherwise)]);
  } finally {
    decided.abort(isDecided);
  }
}
