/** What the store's tables and their keys are called, for whoever creates them or grants rights on them. Names only. */
export interface StoreTables {
  readonly log: string;
  readonly items: string;
}

export const logKey = { partition: 'stream', sort: 'version' } as const;
export const itemKey = { partition: 'owner', sort: 'name' } as const;

/** The log is the outbox, and an old image in its change feed is a tamper alarm: both images are needed. */
export const logStreamView = 'NEW_AND_OLD_IMAGES';
