import type { AccountCommand } from '../../domain/account/commands.ts';
import { accountItem, amount, cashAttributes, positionItem } from '../../domain/account/holdings.ts';
import { accountStream } from '../../domain/account/state.ts';
import type { TransferAsset, TransferDirection } from '../../domain/transfer/asset.ts';
import type { TransferCommand } from '../../domain/transfer/commands.ts';
import { transferStream } from '../../domain/transfer/state.ts';
import type { Limit } from '../../domain/risk/rules.ts';
import { accountId } from '../../domain/values/ids.ts';
import { currencies, money } from '../../domain/values/money.ts';
import { quantity } from '../../domain/values/quantity.ts';
import { requestHashOf } from '../../platform/command-handler/request-hash.ts';
import type { Prng } from './prng.ts';
import type { Sim } from './sim.ts';

const actor = { kind: 'operator', id: 'operator' } as const;
const approvalAbove: Limit = 60_000;

/** Opens the accounts, moves money and shares in and out, halts accounts and lets them go again. */
export class Operator {
  readonly #sim: Sim;
  readonly #accounts: readonly [string, ...string[]];
  readonly #prng: Prng;
  readonly #waiting: string[] = [];
  #commands = 0;
  #isOpening = true;

  constructor(sim: Sim, accounts: readonly [string, ...string[]]) {
    this.#sim = sim;
    this.#accounts = accounts;
    this.#prng = sim.prng.fork('operator');
  }

  /** So little that not every order can be paid for. */
  async open(): Promise<void> {
    for (const account of this.#accounts) {
      await this.#change(account, { do: 'open', accountId: accountId(account), currency: 'USD' });
      for (const currency of ['USD', 'EUR', 'JPY'] as const)
        await this.#transfer(account, 'in', {
          kind: 'cash',
          currency,
          amount: money(this.#prng.between(1, 300_000)),
        });
      for (const symbol of this.#sim.market.symbols)
        if (this.#prng.chance(0.8)) await this.#transfer(account, 'in', this.#shares(symbol));
    }
    this.#isOpening = false;
  }

  async run(): Promise<void> {
    while (!this.#sim.isEnding) {
      await this.#sim.pause('operator', 'thinks', this.#prng.between(20, 600));
      await this.#act(this.#prng.pick(this.#accounts));
    }
    for (const account of this.#accounts) await this.#change(account, { do: 'lift-halt' });
  }

  async #act(account: string): Promise<void> {
    const act = this.#prng.weighted({
      transfer: 40,
      decide: 20,
      halt: 5,
      lift: 24,
      restriction: 20,
      close: 2,
    });
    switch (act) {
      case 'transfer':
        return this.#someTransfer(account);
      case 'decide':
        return this.#decideTransfer();
      case 'halt':
        return this.#change(account, { do: 'halt', reason: 'a look' });
      case 'lift':
        return this.#change(account, { do: 'lift-halt', approvalId: 'two persons' });
      case 'restriction':
        return this.#liftRestriction(await this.#owing(account));
      case 'close':
        return this.#change(account, { do: 'close', halt: 1, symbols: this.#sim.market.symbols });
    }
  }

  /** An account that owes, if there is one: those that nobody asks about would stay as they are. */
  async #owing(account: string): Promise<string> {
    for (const one of this.#accounts) {
      const item = (await this.#sim.store.readItem(accountItem(one))) ?? 'missing';
      const owes = currencies.some((currency) => amount(item, cashAttributes(currency).shortfall) < 0);
      if (owes && this.#prng.chance(0.7)) return one;
    }
    return account;
  }

  /** Like the API: the count first, then which positions owe shares; whatever falls short in between counts on. */
  async #liftRestriction(account: string): Promise<void> {
    const { store, market } = this.#sim;
    const item = (await store.readItem(accountItem(account))) ?? 'missing';
    await this.#sim.pause('operator', 'looks at the positions', this.#prng.between(0, 40));
    const items = await store.readItems(account);
    const symbols = market.symbols.filter(
      (symbol) => amount(items.get(positionItem(account, symbol).name) ?? 'missing', 'shortfall') < 0,
    );
    const restrictions = amount(item, 'restrictions');
    await this.#change(account, { do: 'lift-restriction', restrictions, symbols });
  }

  async #someTransfer(account: string): Promise<void> {
    const asset: TransferAsset = this.#prng.chance(0.6)
      ? {
          kind: 'cash',
          currency: this.#prng.pick(['USD', 'EUR', 'JPY'] as const),
          amount: money(this.#prng.between(1, 90_000)),
        }
      : this.#shares(this.#prng.pick(this.#sim.market.symbols));
    await this.#transfer(account, this.#prng.pick(['in', 'out'] as const), asset);
  }

  /** What waits for a second person is carried out or given up, sometimes both. */
  async #decideTransfer(): Promise<void> {
    const stream = this.#prng.any(this.#waiting);
    if (stream === undefined) return;
    const command: TransferCommand = this.#prng.chance(0.7)
      ? { do: 'complete', approvalId: 'two persons' }
      : { do: 'cancel', reason: 'requested' };
    const name = this.#newName(command.do);
    await this.#sim.request({
      what: `transfer: ${command.do}`,
      name,
      stream,
      actor,
      key: { commandId: name, requestHash: requestHashOf(command) },
      handle: async (life, on, context) => life.transfers.handle(on, command, context),
    });
  }

  async #transfer(account: string, direction: TransferDirection, asset: TransferAsset): Promise<void> {
    const name = this.#newName('transfer');
    const stream = transferStream(name);
    const outcome = await this.#sim.request({
      what: `transfer: ${direction}`,
      name,
      stream,
      actor,
      key: { commandId: name, requestHash: requestHashOf({ account, direction, asset }) },
      expectNew: true,
      handle: async (life, on, context) =>
        life.transfers.handle(
          on,
          {
            do: 'request',
            transferId: name,
            accountId: accountId(account),
            direction,
            requested: { asset: asset.kind, amount: 'as said' },
            asset,
            approvalAbove: this.#isOpening ? 'unlimited' : approvalAbove,
            epoch: 1,
          },
          context,
        ),
    });
    if (outcome?.state.kind === 'transfer' && outcome.state.status === 'pending') this.#waiting.push(stream);
  }

  async #change(account: string, command: AccountCommand): Promise<void> {
    const name = this.#newName(command.do);
    await this.#sim.request({
      what: `account: ${command.do}`,
      name,
      stream: accountStream(account),
      actor,
      key: { commandId: name, requestHash: requestHashOf(command) },
      handle: async (life, stream, context) => life.accounts.handle(stream, command, context),
    });
  }

  #shares(symbol: string): TransferAsset {
    const contract = this.#sim.market.instrument(symbol)?.rules.contract;
    if (!contract) throw new TypeError(`${symbol} is traded`);
    return {
      kind: 'shares',
      contract,
      quantity: quantity(this.#prng.between(1, this.#isOpening ? 200 : 60)),
    };
  }

  #newName(what: string): string {
    this.#commands += 1;
    return `${what}-${this.#commands}`;
  }
}
