/** What the partitions begin with that hold the entries of an account's feed, in the views' table. */
export const entriesPrefix = 'feed#entries#';
