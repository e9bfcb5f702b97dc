import * as z from 'zod/mini';
import {
  referencePrice as decider,
  referencePriceEffects,
  type ReferencePriceSet,
  type ReferencePriceState,
  type SetReferencePrice,
} from '../../domain/instrument/reference-price.ts';
import { as, exactly, upcastWith } from '../aggregates/stored-events.ts';
import { text } from '../aggregates/value-schemas.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';

/** One instrument's reference prices per stream. The fingerprint is raised by the rule beside `order`. */
export const referencePrice: Aggregate<SetReferencePrice, ReferencePriceState, ReferencePriceSet> = {
  ...decider,
  kind: 'instrument',
  fingerprint: 'instrument-1',
  upcast: upcastWith<ReferencePriceSet>({
    ReferencePriceSet: [
      as(
        'ReferencePriceSet',
        exactly<ReferencePriceSet['data']>()({
          symbol: text,
          price: text,
          source: z.enum(['venue', 'operator', 'demo']),
        }),
      ),
    ],
  }),
  effects: (command, _before, _events, at) => referencePriceEffects(command, at),
};

export function instrumentStream(symbol: string): string {
  return `instrument-${symbol}`;
}
