import * as z from 'zod/mini';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { newestOfEach, type WrittenPage, type WrittenStreams } from './written-streams.ts';

const places = z.object({
  recent: z.optional(z.string()),
  all: z.optional(z.string()),
  /** Up to when the last page of everything was looked at, in microseconds. */
  allAt: z.optional(z.int()),
});
type Places = z.infer<typeof places>;

/**
 * Everything written since the last look first, then now and then one page of all there ever was: what a feed still remembers is found at
 * once, and what it has forgotten within a round of the log. A page costs the more the more it finds that nobody lacks.
 */
export class RecentThenAll implements WrittenStreams {
  readonly #recent: WrittenStreams;
  readonly #all: WrittenStreams;
  readonly #allEveryUs: number;

  constructor(recent: WrittenStreams, all: WrittenStreams, allEveryMs: number) {
    this.#recent = recent;
    this.#all = all;
    this.#allEveryUs = allEveryMs * 1_000;
  }

  async written(place: string | undefined, until: Timestamp, deadline: Deadline): Promise<WrittenPage> {
    const before = placesIn(place);
    const recent = await this.#recent.written(before.recent, until, deadline);
    if (!recent.isLast) return { ...recent, place: JSON.stringify({ ...before, recent: recent.place }) };
    // A clock that was set back does not keep it from being looked at.
    if (before.allAt !== undefined && Math.abs(until - before.allAt) < this.#allEveryUs)
      return { ...recent, place: JSON.stringify({ ...before, recent: recent.place }) };
    const all = await this.#all.written(before.all, until, deadline);
    return {
      // What was written lately is among all there is.
      heads: newestOfEach([...recent.heads, ...all.heads]),
      place: JSON.stringify({ recent: recent.place, all: all.place, allAt: until }),
      isLast: true,
    };
  }
}

function placesIn(place: string | undefined): Places {
  return place === undefined ? {} : places.parse(JSON.parse(place));
}
