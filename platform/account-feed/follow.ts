import type { Clock } from '../clock/clock.ts';
import { deadlineIn, defaultCallMs } from '../deadline/deadline.ts';
import type { FeedWakes } from './feed-wakes.ts';
import type { FeedEntry, FeedReader } from './port.ts';

/** What one stream holds of its feed at a time: the rest stays in the feed until the client has taken this. */
export const followedPageMax = 100;

/** A follower with nothing to tell hears so this often; entries that another process wrote are found then, too. */
export const idleMs = 5_000;

export interface FollowingParts {
  readonly feed: Pick<FeedReader, 'entriesAfter'>;
  readonly wakes: FeedWakes;
  readonly clock: Clock;
}

export interface Following {
  readonly accountId: string;
  /** The last number that is known already. */
  readonly after: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * An account's entries after a number, every one once and in order, for as long as somebody takes them; an empty page where there was
 * nothing for a while. The next page is read when the one before was taken: whoever is slow falls behind in the feed, and takes up
 * no memory here. Throws what reading the feed throws.
 */
export async function* followFeed(
  { feed, wakes, clock }: FollowingParts,
  { accountId, after, signal }: Following,
): AsyncGenerator<readonly FeedEntry[], void, undefined> {
  const wake = wakes.add(accountId);
  let last = after;
  try {
    while (!signal.aborted) {
      const deadline = deadlineIn(defaultCallMs, clock);
      const page = await feed.entriesAfter(accountId, last, followedPageMax, deadline);
      last = page.at(-1)?.number ?? last;
      yield page;
      if (page.length < followedPageMax) await wake.next(idleMs, signal);
    }
  } finally {
    wake.remove();
  }
}
