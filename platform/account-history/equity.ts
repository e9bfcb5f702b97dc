import { type Contract, isCountable, moneyFor, roundedPrice } from '../../domain/instrument/instrument.ts';
import type { Currency } from '../../domain/values/money.ts';
import { notional } from '../../domain/values/notional.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Move } from './moves.ts';

/** A price as it was said at a moment. */
export interface SaidPrice {
  readonly at: Timestamp;
  /** Decimal text. */
  readonly price: string;
}

export interface EquityAt {
  readonly at: Timestamp;
  /** Minor units: cash, and positions at the last price said by then; what nobody had said a price of counts as nothing. */
  readonly equity: number;
  /** Minor units that came from outside until then, less those that went; shares at the price of the moment they moved. */
  readonly paidIn: number;
}

/** How an account's equity stood at each of these moments, which are in order. Positions in another currency are left out, as in the account. */
export function equityAt(
  currency: Currency,
  moves: readonly Move[],
  prices: ReadonlyMap<string, readonly SaidPrice[]>,
  moments: readonly Timestamp[],
): readonly EquityAt[] {
  const book = new EquityBook(currency, prices);
  let next = 0;
  return moments.map((at) => {
    for (let move = moves[next]; move && move.at <= at; move = moves[next]) {
      book.apply(move);
      next += 1;
    }
    return { at, equity: book.equity(at), paidIn: book.paidIn };
  });
}

class EquityBook {
  readonly #currency: Currency;
  readonly #prices: ReadonlyMap<string, readonly SaidPrice[]>;
  readonly #lots = new Map<string, { contract: Contract; lots: number }>();
  /** How far into each list of prices. */
  readonly #reached = new Map<string, number>();
  #cash = 0;
  paidIn = 0;

  constructor(currency: Currency, prices: ReadonlyMap<string, readonly SaidPrice[]>) {
    this.#currency = currency;
    this.#prices = prices;
  }

  apply({ at, cash, shares, isTransfer }: Move): void {
    if (cash?.currency === this.#currency) {
      this.#cash += cash.amount;
      if (isTransfer) this.paidIn += cash.amount;
    }
    if (shares?.contract.currency !== this.#currency) return;
    const { contract, lots } = shares;
    const known = this.#lots.get(contract.symbol)?.lots ?? 0;
    this.#lots.set(contract.symbol, { contract, lots: known + lots });
    if (isTransfer) this.paidIn += this.#valueOf(contract, lots, at);
  }

  equity(at: Timestamp): number {
    let equity = this.#cash;
    for (const { contract, lots } of this.#lots.values()) equity += this.#valueOf(contract, lots, at);
    return equity;
  }

  #valueOf(contract: Contract, lots: number, at: Timestamp): number {
    const said = this.#said(contract.symbol, at);
    const ticks = said === undefined ? undefined : roundedPrice(said, contract, 'down');
    if (ticks === undefined || !isCountable(Math.abs(lots) * ticks, contract)) return 0;
    return moneyFor(notional(lots * ticks), contract, 'down');
  }

  /** Asked in the order of time. */
  #said(symbol: string, at: Timestamp): string | undefined {
    const prices = this.#prices.get(symbol) ?? [];
    let reached = this.#reached.get(symbol) ?? 0;
    while ((prices[reached]?.at ?? Infinity) <= at) reached += 1;
    this.#reached.set(symbol, reached);
    return prices[reached - 1]?.price;
  }
}
