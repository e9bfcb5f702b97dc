import { isJsonList, isJsonObject, type Json } from '../values/json.ts';
import type { ConfigIssue } from './commands.ts';

/** By symbol: the lot size it was listed with, as decimal text. A symbol that was taken out keeps its own. */
export type Lots = Readonly<Record<string, string>>;

interface Listed {
  readonly symbol: string;
  readonly lotSize: string;
}

/** What was known of lots, and what a document says of its symbols. */
export function lotsWith(known: Lots, document: Json): Lots {
  const said = listedIn(document).flatMap((one) => (one ? [[one.symbol, one.lotSize] as const] : []));
  return { ...known, ...Object.fromEntries(said) };
}

/**
 * Where a document lists a symbol with another lot than it had. What is held is counted in lots, whichever config it was bought under:
 * with another lot ten shares would be a hundred.
 */
export function otherLots(known: Lots, document: Json): readonly ConfigIssue[] {
  return listedIn(document).flatMap((one, index) => {
    const lot = one && known[one.symbol];
    if (!one || lot === undefined || Number(lot) === Number(one.lotSize)) return [];
    const message = `${lot}: what is held of ${one.symbol} is counted in it; list other lots under another symbol`;
    return [{ path: `instruments.${index}.lotSize`, message }];
  });
}

/** By their places; undefined where an entry does not say it. The shape of a whole config is checked elsewhere. */
function listedIn(document: Json): readonly (Listed | undefined)[] {
  const instruments = isJsonObject(document) ? document['instruments'] : undefined;
  return isJsonList(instruments) ? instruments.map(listed) : [];
}

function listed(entry: Json): Listed | undefined {
  if (!isJsonObject(entry)) return undefined;
  const { symbol, lotSize } = entry;
  return typeof symbol === 'string' && typeof lotSize === 'string' ? { symbol, lotSize } : undefined;
}
