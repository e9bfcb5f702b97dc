import type { Item } from '../../../domain/account/items.ts';
import { demand } from '../law.ts';
import { Ledger, type Posting } from './ledger.ts';

/** One account: the running totals of every entry posted to it, by asset. */
export class AccountModel {
  readonly id: string;
  status: 'active' | 'halted' | 'closed' = 'active';
  isReduceOnly = false;
  /** How many commits made it reduce only. */
  restrictions = 0;
  openOrders = 0;
  readonly cash = new Map<string, Ledger>();
  readonly shares = new Map<string, Ledger>();
  readonly exposure = new Map<string, number>();
  /** The latest day and its notional, by currency. */
  readonly days = new Map<string, { day: string; notional: number }>();

  constructor(id: string) {
    this.id = id;
  }

  post(posting: Posting, currency: string | undefined, symbol: string | undefined): void {
    if ((posting.cash?.shortfall ?? 0) < 0 || (posting.shares?.shortfall ?? 0) < 0) this.isReduceOnly = true;
    if (posting.cash && currency !== undefined) ledgerOf(this.cash, currency).add(posting.cash);
    if (symbol === undefined) return;
    if (posting.shares) ledgerOf(this.shares, symbol).add(posting.shares);
    this.exposure.set(symbol, (this.exposure.get(symbol) ?? 0) + (posting.exposure ?? 0));
  }

  countDay(currency: string, day: string, notional: number): void {
    const known = this.days.get(currency);
    if (!known || day > known.day) this.days.set(currency, { day, notional });
    else if (day === known.day) known.notional += notional;
  }

  get owesCash(): boolean {
    return [...this.cash.values()].some((ledger) => ledger.of('shortfall') < 0);
  }

  get owesShares(): boolean {
    return [...this.shares.values()].some((ledger) => ledger.of('shortfall') < 0);
  }

  /** Every attribute of every item, as the entries add up; what is zero may be missing. */
  expected(): ReadonlyMap<string, Item> {
    const account: Record<string, string | number> = {
      status: this.status,
      epoch: 1,
      reduceOnly: Number(this.isReduceOnly),
      restrictions: this.restrictions,
      openOrders: this.openOrders,
    };
    for (const [currency, ledger] of this.cash) {
      account[`available_${currency}`] = ledger.of('available');
      account[`held_${currency}`] = ledger.of('held');
      account[`shortfall_${currency}`] = ledger.of('shortfall');
    }
    for (const [currency, { day, notional }] of this.days) {
      account[`day_${currency}`] = day;
      account[`dayNotional_${currency}`] = notional;
    }
    const items = new Map<string, Item>([['account', account]]);
    for (const symbol of new Set([...this.shares.keys(), ...this.exposure.keys()])) {
      const ledger = ledgerOf(this.shares, symbol);
      items.set(`position-${symbol}`, {
        available: ledger.of('available'),
        held: ledger.of('held'),
        shortfall: ledger.of('shortfall'),
        exposure: this.exposure.get(symbol) ?? 0,
      });
    }
    return items;
  }

  check(items: ReadonlyMap<string, Item>): void {
    const expected = this.expected();
    for (const name of new Set([...items.keys(), ...expected.keys()]))
      this.#checkItem(name, items.get(name) ?? {}, expected.get(name) ?? {});
  }

  #checkItem(name: string, item: Item, expected: Item): void {
    for (const attribute of new Set([...Object.keys(item), ...Object.keys(expected)])) {
      if (attribute === 'currency') continue;
      const found = item[attribute] ?? 0;
      const added = expected[attribute] ?? 0;
      demand(
        found === added,
        'items equal the totals of the entries',
        () => `${this.id} ${name} ${attribute} is ${found}, the entries add up to ${added}`,
      );
      const mayBeNegative = attribute.startsWith('shortfall') || attribute === 'exposure';
      demand(
        mayBeNegative || typeof found === 'string' || found >= 0,
        'nothing goes below zero',
        () => `${this.id} ${name} ${attribute} is ${found}`,
      );
    }
  }
}

function ledgerOf(ledgers: Map<string, Ledger>, asset: string): Ledger {
  const known = ledgers.get(asset);
  if (known) return known;
  const ledger = new Ledger();
  ledgers.set(asset, ledger);
  return ledger;
}
