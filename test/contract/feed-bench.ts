import type { AccountFeed, FeedEntry } from '../../platform/account-feed/port.ts';
import { type FeedEffect, feedProjection } from '../../platform/account-feed/projection.ts';
import type { StreamFold } from '../../platform/views/stream-fold.ts';
import { type ConsumerAdapter, ConsumerBench } from './consumer-bench.ts';

export type FeedAdapter = ConsumerAdapter<AccountFeed>;

export class FeedBench extends ConsumerBench<StreamFold, FeedEffect, AccountFeed> {
  constructor(adapter: FeedAdapter) {
    super(adapter, feedProjection);
  }

  get feed(): AccountFeed {
    return this.kept;
  }

  entries(accountId: string): Promise<readonly FeedEntry[]> {
    return this.feed.entriesAfter(accountId, 0, 500, this.deadline);
  }

  /** `1 new`, `2 fill`, ... */
  async told(accountId: string): Promise<readonly string[]> {
    return (await this.entries(accountId)).map(({ number, event }) => `${number} ${event}`);
  }
}
