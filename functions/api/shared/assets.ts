import { uuidV5 } from '../../../platform/ids/uuid.ts';
import type { TradingConfig } from '../../../platform/hot-config/trading-config.ts';

/** Namespace of asset ids: the same symbol has the same id in every cell. Never changes. */
const namespace = '5b5f8d5c-1c55-5f0c-9a5e-0f6f3c1f7a42';

const ids = new Map<string, string>();
const idsMax = 50_000;

export function assetId(symbol: string): string {
  const known = ids.get(symbol);
  if (known !== undefined) return known;
  const id = uuidV5(namespace, symbol);
  if (ids.size < idsMax) ids.set(symbol, id);
  return id;
}

/** Clients may name an asset by symbol or by id. What is neither is left as it is: the rules will not know it. */
export function symbolOf(symbolOrId: string, config: TradingConfig): string {
  if (symbolOrId.length !== 36 || config.instrument(symbolOrId)) return symbolOrId;
  for (const { entry } of config.instruments) {
    if (assetId(entry.symbol) === symbolOrId.toLowerCase()) return entry.symbol;
  }
  return symbolOrId;
}
