import { demand } from '../law.ts';

const names = ['available', 'held', 'clearing', 'fees', 'external', 'shortfall'] as const;

export type Name = (typeof names)[number];
export type Entry = Readonly<Partial<Record<Name, number>>>;

export interface Posting {
  readonly cash?: Entry;
  readonly shares?: Entry;
  readonly exposure?: number;
}

/** Sums of entries in one asset. */
export class Ledger {
  readonly #sums = new Map<Name, number>();

  add(entry: Entry | undefined): void {
    for (const name of names) this.#sums.set(name, this.of(name) + (entry?.[name] ?? 0));
  }

  of(name: Name): number {
    return this.#sums.get(name) ?? 0;
  }
}

export function demandBalance(posting: Posting, where: string): void {
  for (const entry of [posting.cash, posting.shares]) {
    const sum = Object.values(entry ?? {}).reduce((total, amount) => total + amount, 0);
    demand(sum === 0, 'entries balance', () => `${where}: ${JSON.stringify(posting)} sums to ${sum}`);
    const unknown = Object.keys(entry ?? {}).find((name) => !names.some((known) => known === name));
    demand(unknown === undefined, 'entries balance', () => `${where}: nobody knows account ${unknown}`);
  }
}
