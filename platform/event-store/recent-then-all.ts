import * as z from 'zod/mini';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { newestOfEach, type WrittenPage, type WrittenStreams } from './written-streams.ts';

const places = z.object({ recent: z.optional(z.string()), all: z.optional(z.string()) });
type Places = z.infer<typeof places>;

/**
 * Everything written since the last look first, then one page of all there ever was: what a feed still remembers is found at once, and
 * what it has forgotten within a round of the log.
 */
export class RecentThenAll implements WrittenStreams {
  readonly #recent: WrittenStreams;
  readonly #all: WrittenStreams;

  constructor(recent: WrittenStreams, all: WrittenStreams) {
    this.#recent = recent;
    this.#all = all;
  }

  async written(place: string | undefined, until: Timestamp, deadline: Deadline): Promise<WrittenPage> {
    const before = placesIn(place);
    const recent = await this.#recent.written(before.recent, until, deadline);
    if (!recent.isLast) return { ...recent, place: JSON.stringify({ ...before, recent: recent.place }) };
    const all = await this.#all.written(before.all, until, deadline);
    return {
      // What was written lately is among all there is.
      heads: newestOfEach([...recent.heads, ...all.heads]),
      place: JSON.stringify({ recent: recent.place, all: all.place }),
      isLast: true,
    };
  }
}

function placesIn(place: string | undefined): Places {
  return place === undefined ? {} : places.parse(JSON.parse(place));
}
