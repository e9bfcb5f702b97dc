/** What the views' table is called inside, for whoever creates it or grants rights on it. Names only. */
export const viewsKey = { partition: 'pk', sort: 'sk' } as const;

/** Who follows its change feed looks at the table for what is there. */
export const viewsStreamView = 'KEYS_ONLY';

/** Open orders of an account: only they carry the attribute, so the index stays as small as they are few. */
export const openIndex = { name: 'open', partition: 'openOf', sort: viewsKey.sort } as const;

/** Open orders that the clock may move at any moment: the fewer they are, the less it costs to look at them every minute. */
export const timedIndex = { name: 'timed', partition: 'timedOf', sort: viewsKey.sort } as const;

/** Stop losses of pairs, by the symbol whose price they watch. */
export const armedIndex = { name: 'armed', partition: 'armedIn', sort: viewsKey.sort } as const;
