import { type Timestamp, timestamp } from '../../domain/values/time.ts';

/** Time as a dependency, so that simulation can own it. */
export interface Clock {
  /** Wall-clock time in UTC microseconds. May step; the command handler keeps each stream from going backwards. */
  now(): Timestamp;
  /** Milliseconds that only grow: for deadlines and durations. */
  monotonicMs(): number;
  /** Resolves after about `milliseconds`, or as soon as `cutShort` is aborted: then nothing is left waiting. */
  sleep(milliseconds: number, cutShort?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => timestamp(Math.floor((performance.timeOrigin + performance.now()) * 1000)),
  monotonicMs: () => performance.now(),
  sleep: (milliseconds, cutShort) =>
    new Promise((resolve) => {
      if (cutShort?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        cutShort?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      cutShort?.addEventListener('abort', end);
    }),
};
