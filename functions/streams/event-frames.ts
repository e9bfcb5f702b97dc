import type { Timestamp } from '../../domain/values/time.ts';
import type { FeedWakes } from '../../platform/account-feed/feed-wakes.ts';
import { followFeed } from '../../platform/account-feed/follow.ts';
import type { FeedEntry } from '../../platform/account-feed/port.ts';
import { deadlineIn, defaultCallMs } from '../../platform/deadline/deadline.ts';
import { tradeUpdateJson } from '../api/shapes/trade-update-json.ts';
import type { Dependencies } from '../dependencies.ts';

export interface Frames {
  readonly accountId: string;
  readonly keyId: string;
  readonly after: number;
  /** The last one to be told, itself told; absent: no end. */
  readonly untilId?: number;
  readonly until?: Timestamp;
  readonly signal: AbortSignal;
  /** Called once, when it is over. */
  readonly giveBack: () => void;
}

export type FrameParts = Pick<Dependencies, 'accountFeed' | 'clock' | 'keys' | 'telemetry'> & {
  readonly wakes: FeedWakes;
};

/** What happened at the last moment asked for may become known a little later. */
const lateMs = 5_000;

/** A reconnecting client waits so long before it tries. */
const preamble = 'retry: 1000\n\n';
const heartbeat = ': heartbeat\n\n';

/**
 * Server-sent events of an account: `id` is the number in its feed, so that `Last-Event-ID` resumes where a connection broke off. Ends
 * at what was asked for, and when its key is no longer in force.
 */
export async function* eventFrames(
  parts: FrameParts,
  frames: Frames,
): AsyncGenerator<string, void, undefined> {
  const { accountFeed: feed, clock, keys, wakes, telemetry } = parts;
  const lag = telemetry.metrics.histogram('stream_lag', { kind: 'trade_events' });
  let last = frames.after;
  try {
    yield preamble;
    if (isReached(frames, last)) return;
    for await (const page of followFeed({ feed, wakes, clock }, frames)) {
      if (!(await keys.isInForce(frames.keyId, deadlineIn(defaultCallMs, clock)))) return;
      const wanted = page.filter((entry) => isWanted(frames, entry));
      yield wanted.length > 0 ? wanted.map(frameOf).join('') : heartbeat;
      for (const { at } of wanted) lag.record(Math.max(0, clock.now() - at) / 1000);
      last = page.at(-1)?.number ?? last;
      if (wanted.length < page.length || isReached(frames, last)) return;
      if (page.length === 0 && isOver(frames, clock.now())) return;
    }
  } finally {
    frames.giveBack();
  }
}

function isWanted({ untilId, until }: Frames, { number, time }: FeedEntry): boolean {
  return (untilId === undefined || number <= untilId) && (until === undefined || time <= until);
}

function isReached({ untilId }: Frames, last: number): boolean {
  return untilId !== undefined && last >= untilId;
}

function isOver({ until }: Frames, now: Timestamp): boolean {
  return until !== undefined && now > until + lateMs * 1000;
}

function frameOf(entry: FeedEntry): string {
  return `id: ${entry.number}\ndata: ${JSON.stringify(tradeUpdateJson(entry))}\n\n`;
}
