import type { Clock } from '../clock/clock.ts';
import type { LocalFeed } from '../event-store/feed.ts';
import type { Lag } from '../telemetry/consumer-metrics.ts';

/** How far a place in a local feed is behind its head, and how old the first commit after it is. Costs one read of one commit. */
export async function lagOf(of: {
  readonly feed: Pick<LocalFeed, 'feed'>;
  readonly head: string;
  readonly position: string;
  readonly clock: Clock;
}): Promise<Lag> {
  const commits = Math.max(0, Number(of.head) - Number(of.position));
  if (commits === 0) return { commits, ageMs: 0 };
  const [oldest] = await of.feed.feed(of.position, 1);
  return { commits, ageMs: oldest ? Math.max(0, (of.clock.now() - oldest.commit.at) / 1000) : 0 };
}
