import type { Decider, DomainEvent, Effects } from '../decider.ts';
import type { Timestamp } from '../values/time.ts';

/** Who said what an instrument is worth. `demo`: nobody did, it is made up for trying things out. */
export type PriceSource = 'venue' | 'operator' | 'demo';

export interface SetReferencePrice {
  readonly do: 'set-reference-price';
  readonly symbol: string;
  /** Decimal text, on the tick grid of the day: the grid may change, the text stays what was said. */
  readonly price: string;
  readonly source: PriceSource;
}

export type ReferencePriceSet = DomainEvent<
  'ReferencePriceSet',
  { readonly symbol: string; readonly price: string; readonly source: PriceSource }
>;

export type ReferencePriceState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'known'; readonly price: string; readonly source: PriceSource; readonly at: Timestamp };

export const referencePriceItem = (symbol: string) => ({
  owner: `instrument-${symbol}`,
  name: 'reference-price',
});

/** The same price said again is news: its age starts anew. */
export const referencePrice: Decider<SetReferencePrice, ReferencePriceState, ReferencePriceSet> = {
  initial: { kind: 'unknown' },
  decide: ({ symbol, price, source }) => [
    { type: 'ReferencePriceSet', schema: 1, data: { symbol, price, source } },
  ],
  evolve: (_state, { data }, at) => ({ kind: 'known', price: data.price, source: data.source, at }),
};

/** The item is what placing an order reads: one look-up, whatever the stream's length. Its age counts from the commit, as in the log. */
export function referencePriceEffects(
  { symbol, price, source }: SetReferencePrice,
  at: Timestamp,
): Effects<ReferencePriceSet> {
  return {
    changes: [{ key: referencePriceItem(symbol), conditions: [], set: { price, source, at } }],
    beginnings: [],
  };
}
