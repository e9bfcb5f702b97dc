import type { Clock } from '../clock/clock.ts';
import type { ConsumerGroup } from '../consumer/consumer-group.ts';
import { defaultCallMs, deadlineIn, longestCallMs } from '../deadline/deadline.ts';
import type { Views } from './port.ts';

/** What building the views again came to. */
export interface Rebuilt {
  /** Commits gone through. */
  readonly commits: number;
  /** Streams that stand still, as before. */
  readonly parked: number;
  readonly milliseconds: number;
}

/**
 * Throws the views away and builds them again from the log, which `follow` does and says how many commits it took. Readers see
 * them incomplete meanwhile; deliveries may go on. The accounts' feeds are not touched: their numbers were handed out.
 */
export async function rebuild(
  views: Pick<Views, 'clear'>,
  group: ConsumerGroup,
  clock: Clock,
  follow: () => Promise<number>,
): Promise<Rebuilt> {
  const began = clock.now();
  await views.clear(deadlineIn(longestCallMs, clock));
  for (const member of group.members) member.forget();
  const commits = await follow();
  const parked = (await group.parked(deadlineIn(defaultCallMs, clock))).length;
  return { commits, parked, milliseconds: Math.round((clock.now() - began) / 1_000) };
}
