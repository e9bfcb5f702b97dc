import type { IsWaitedFor } from './entry-listeners.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { EffectStore, Parking } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { FeedEffect } from './projection.ts';
import type { Update } from './update.ts';

/** Entries read at once. */
export const entriesMax = 500;

/**
 * One update of an account's orders, with everything that telling it takes. A number that was handed out never comes to mean
 * anything else: also not after the views were rebuilt.
 */
export interface FeedEntry extends Update {
  readonly accountId: string;
  /** 1, 2, 3 ... within the account, without gaps. */
  readonly number: number;
  /** When it happened: the time of its commit. */
  readonly at: Timestamp;
  /** `at`, or that of an entry before it where that is later: never goes back as numbers go up. */
  readonly time: Timestamp;
  readonly stream: string;
  readonly version: number;
  /** Which of the updates that its commit made: from 0. */
  readonly index: number;
  /** Shares the account has after an execution, transfers included; only beside `execution`. */
  readonly positionQuantity?: string;
}

/** Where live streams, webhooks and whoever missed something read. */
export interface FeedReader {
  /** Entries after `number` (0: from the first one on), by number, at most `limit` of them: 1 to `entriesMax`. */
  entriesAfter(
    accountId: string,
    number: number,
    limit: number,
    deadline: Deadline,
  ): Promise<readonly FeedEntry[]>;
  /**
   * The number to read after, so as to get all that happened at `time` or later, and nothing that was told before the first of it.
   * Some that happened a little earlier may be among it: they became known later.
   */
  numberBefore(accountId: string, time: Timestamp, deadline: Deadline): Promise<number>;
  /** The newest number; 0 where there is none. */
  latest(accountId: string, deadline: Deadline): Promise<number>;
  /**
   * Called with the accounts that have new entries, once they can be read, when a consumer in this process wrote them. Says only
   * that there are some: read after the last number you have. Returns how to stop. A listener must not throw. Where entries are
   * gathered for a moment, `isWaitedFor` is asked whether somebody follows them live: then they come at once.
   */
  onEntries(listener: (accountIds: readonly string[]) => void, isWaitedFor?: IsWaitedFor): () => void;
}

/** The feeds with what keeps them. There is no `clear`: numbers stay. */
export interface AccountFeed extends FeedReader, EffectStore<FeedEffect>, Parking {}
