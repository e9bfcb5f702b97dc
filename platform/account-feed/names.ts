/** What the partitions begin with that hold the entries of an account's feed, in the views' table. */
export const entriesPrefix = 'feed#entries#';

/** What the consumer is called that numbers them. Another name begins anew. */
export const feedName = 'account-feed-1';
