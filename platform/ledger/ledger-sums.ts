import { type LedgerAccount, ledgerAccounts } from '../../domain/account/posting.ts';
import { type Contract, formatQuantity } from '../../domain/instrument/instrument.ts';
import { type Currency, formatMoney, isCurrency, money } from '../../domain/values/money.ts';
import { type AccountTotals, addTo, noSums, type Sums } from './totals.ts';

/** What all accounts together hold of one currency or instrument, in the units people read. `total` is zero when all balances. */
export interface AssetSums {
  readonly asset: string;
  readonly amounts: { readonly [account in LedgerAccount]: string };
  readonly total: string;
}

/** Sums over all accounts: the firm's side and the world outside are only ever summed afterwards. */
export class LedgerSums {
  readonly #assets = new Map<string, { readonly sums: Sums; contract: Contract | undefined }>();

  constructor(accounts: Iterable<AccountTotals>) {
    for (const account of accounts) {
      for (const [currency, sums] of account.currencies) this.#add(currency, sums, undefined);
      for (const [symbol, { sums, contract }] of account.positions) this.#add(symbol, sums, contract);
    }
  }

  #add(asset: string, sums: Sums, contract: Contract | undefined): void {
    const known = this.#assets.get(asset) ?? { sums: noSums(), contract };
    known.contract ??= contract;
    this.#assets.set(asset, known);
    addTo(known.sums, sums);
  }

  get sums(): readonly AssetSums[] {
    return [...this.#assets]
      .map(([asset, { sums, contract }]) => ({
        asset,
        ...shown(sums, (value) => show(asset, value, contract)),
      }))
      .toSorted((one, other) => one.asset.localeCompare(other.asset));
  }
}

function shown(sums: Sums, text: (value: number) => string): Omit<AssetSums, 'asset'> {
  const { available, held, clearing, fees, external, shortfall } = sums;
  const total = ledgerAccounts.reduce((sum, account) => sum + sums[account], 0);
  return {
    amounts: {
      available: text(available),
      held: text(held),
      clearing: text(clearing),
      fees: text(fees),
      external: text(external),
      shortfall: text(shortfall),
    },
    total: text(total),
  };
}

function show(asset: string, value: number, contract: Contract | undefined): string {
  if (contract) return formatQuantity(value, contract);
  return isCurrency(asset) ? formatMoney(money(value), asset satisfies Currency) : String(value);
}
