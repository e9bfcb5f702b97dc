import type { Timestamp } from '../../domain/values/time.ts';
import type { VersionedConfig } from '../hot-config/port.ts';
import { nextBoundary } from '../hot-config/sessions.ts';

/** Microseconds. */
export interface LookingTimes {
  /** After a start, a change of config or a boundary of any session: reports are on their way, and lists may be behind. */
  readonly attentiveUs: number;
  /** Otherwise: for what no rule here thought of. */
  readonly atLeastEveryUs: number;
}

export const lookingTimes: LookingTimes = { attentiveUs: 20 * 60_000_000, atLeastEveryUs: 15 * 60_000_000 };

/**
 * Which open orders a pass has to look at. A day order is not touched by the clock before a session's boundary, and there may be a
 * million of them: all are looked at only for a while after something that could move them. Those that may move at any
 * moment are looked at in every pass.
 */
export class Looking {
  readonly #times: LookingTimes;
  #config: string | undefined;
  #boundary: Timestamp | undefined;
  #attentiveUntil = 0;
  /** When the last look at all of them began that came to its end. */
  #lastAll: Timestamp | undefined;

  constructor(times: LookingTimes = lookingTimes) {
    this.#times = times;
  }

  /** For a pass that begins now. */
  at(now: Timestamp, { version, config }: VersionedConfig): 'all' | 'timed' {
    const isSetBack = this.#lastAll !== undefined && now < this.#lastAll;
    const isPast = this.#boundary !== undefined && this.#boundary <= now;
    if (isSetBack || isPast || version !== this.#config) this.#attentiveUntil = now + this.#times.attentiveUs;
    this.#config = version;
    const { sessions, dayTimeZone } = config.document;
    this.#boundary = nextBoundary(Object.values(sessions), now, dayTimeZone);
    if (this.#lastAll === undefined || isSetBack || now <= this.#attentiveUntil) return 'all';
    return now - this.#lastAll >= this.#times.atLeastEveryUs ? 'all' : 'timed';
  }

  /** A look at all of them that began at `startedAt` has come to its end. */
  sawAll(startedAt: Timestamp): void {
    this.#lastAll = startedAt;
  }
}
