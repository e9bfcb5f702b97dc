import { type Clock, systemClock } from '../clock/clock.ts';
import { budgetMs, type Deadline, defaultCallMs, longestCallMs, unhurried } from '../deadline/deadline.ts';

/**
 * Aborts when the call's time is over: connecting, waiting, reading the answer and a client's own tries together take no longer
 * than `ownBoundMs`, nor than the caller has left. Throws `DeadlineExceeded` when nothing is left.
 */
export function signalFor(deadline: Deadline, clock: Clock, ownBoundMs: number = defaultCallMs): AbortSignal {
  return AbortSignal.timeout(Math.ceil(budgetMs(deadline, clock, ownBoundMs)));
}

/** For a call that sets something up before there is anybody who waits: the longest one call may take. */
export function setUpSignal(): AbortSignal {
  return signalFor(unhurried, systemClock, longestCallMs);
}
