import { type Timestamp, timestamp } from '../../domain/values/time.ts';

/** Time as a dependency, so that simulation can own it. */
export interface Clock {
  /** Wall-clock time in UTC microseconds. May step; the command handler keeps each stream from going backwards. */
  now(): Timestamp;
  /** Milliseconds that only grow: for deadlines and durations. */
  monotonicMs(): number;
  /** Resolves after about `milliseconds`. */
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => timestamp(Math.floor((performance.timeOrigin + performance.now()) * 1000)),
  monotonicMs: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
