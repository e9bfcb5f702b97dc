import type { Clock } from '../clock/clock.ts';
import type { Brand } from '../../domain/values/brand.ts';

/**
 * A moment on the monotonic clock (milliseconds) by which a caller must have its answer.
 * Every outgoing call takes one; a callee may shorten it, never extend it.
 */
export type Deadline = Brand<number, 'Deadline'>;

export const defaultCallMs = 3_000;
export const longestCallMs = 15_000;

export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  readonly retryable = true;
}

/** For who reads everything there is and has no caller waiting: each single call, its repeats with it, still keeps its own bound. */
export const unhurried = Number.POSITIVE_INFINITY as Deadline;

export function deadlineIn(milliseconds: number, clock: Clock): Deadline {
  return (clock.monotonicMs() + Math.min(milliseconds, longestCallMs)) as Deadline;
}

/** `deadline`, or `milliseconds` from now when that is sooner. */
export function sooner(deadline: Deadline, milliseconds: number, clock: Clock): Deadline {
  return Math.min(deadline, clock.monotonicMs() + milliseconds) as Deadline;
}

export function remainingMs(deadline: Deadline, clock: Clock): number {
  return Math.max(0, deadline - clock.monotonicMs());
}

/** The time one call may take: its own bound, or what the caller has left when that is less. Throws when nothing is left. */
export function budgetMs(deadline: Deadline, clock: Clock, ownBoundMs: number = defaultCallMs): number {
  const left = remainingMs(deadline, clock);
  if (left <= 0) throw new DeadlineExceeded('the caller has no time left');
  return Math.min(left, ownBoundMs);
}
