import * as z from 'zod';
import type { ConfigIssue } from '../../domain/config/commands.ts';
import type { Json } from '../../domain/values/json.ts';
import type { ConfigDocument } from './config-history.ts';

const listing = z.object({ instruments: z.array(z.object({ symbol: z.string(), lotSize: z.string() })) });

/**
 * Where a document lists a symbol with another lot than the last one on record, also when it was taken out in between. What is held is
 * counted in lots, whichever config it was bought under: with another lot ten shares would be a hundred.
 */
export function otherLots(record: readonly ConfigDocument[], next: Json): readonly ConfigIssue[] {
  const known = new Map(
    record.flatMap(({ document }) => listed(document)).map(({ symbol, lotSize }) => [symbol, lotSize]),
  );
  return listed(next).flatMap(({ symbol, lotSize }, index) => {
    const lot = known.get(symbol);
    if (lot === undefined || Number(lot) === Number(lotSize)) return [];
    const message = `${lot}: what is held of ${symbol} is counted in it; list other lots under another symbol`;
    return [{ path: `instruments.${index}.lotSize`, message }];
  });
}

/** Nothing of what is no config: that is told of elsewhere. */
function listed(document: Json): z.infer<typeof listing>['instruments'] {
  return listing.safeParse(document).data?.instruments ?? [];
}
