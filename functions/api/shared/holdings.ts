import { amount, positionPrefix } from '../../../domain/account/holdings.ts';
import type { Item } from '../../../domain/account/items.ts';
import { isCountable, moneyFor, roundedPrice } from '../../../domain/instrument/instrument.ts';
import type { Currency, Money } from '../../../domain/values/money.ts';
import { notional } from '../../../domain/values/notional.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import type { Instrument } from '../../../platform/hot-config/trading-config.ts';
import type { ReferencePrices } from '../../../platform/reference-prices/reference-prices.ts';
import type { Dependencies } from '../../dependencies.ts';

/** What an account has of one instrument, in lots. */
export interface Holding {
  readonly instrument: Instrument;
  readonly total: number;
  /** What may be sold: not what is owed. */
  readonly available: number;
  /** Decimal text; undefined when nobody has said what it is worth. */
  readonly price: string | undefined;
  /** Undefined without a price, or when it is more than can be counted. */
  readonly value: Money | undefined;
}

/** From an account's items: everything it holds, by symbol. Positions in what is no longer an instrument are left out. */
export async function holdingsOf(
  { config, prices }: Pick<Dependencies, 'config'> & { readonly prices: Pick<ReferencePrices, 'quote'> },
  items: ReadonlyMap<string, Item>,
  deadline: Deadline,
): Promise<readonly Holding[]> {
  const current = config.current().config;
  const holdings: Holding[] = [];
  for (const [name, item] of items) {
    const instrument =
      name.startsWith(positionPrefix) && current.instrument(name.slice(positionPrefix.length));
    if (!instrument) continue;
    const available = amount(item, 'available');
    const shortfall = amount(item, 'shortfall');
    const total = available + amount(item, 'held') + shortfall;
    if (total === 0) continue;
    const { contract } = instrument.rules;
    const price = (await prices.quote(contract.symbol, deadline))?.price;
    const ticks = price === undefined ? undefined : roundedPrice(price, contract, 'down');
    const isWorth = ticks !== undefined && isCountable(Math.abs(total) * ticks, contract);
    const value = isWorth ? moneyFor(notional(total * ticks), contract, 'down') : undefined;
    holdings.push({ instrument, total, available: Math.max(0, available + shortfall), price, value });
  }
  return holdings;
}

export function valueIn(currency: Currency, holdings: readonly Holding[]): number {
  return holdings
    .filter(({ instrument }) => instrument.entry.currency === currency)
    .reduce((sum, { value }) => sum + (value ?? 0), 0);
}
