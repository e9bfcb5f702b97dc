import { amount, cashAttributes } from '../../domain/account/holdings.ts';
import { accountItem } from '../../domain/account/holdings.ts';
import type { Item } from '../../domain/account/items.ts';
import { accountStream } from '../../domain/account/state.ts';
import type { DomainEvent } from '../../domain/decider.ts';
import type { OrderCommand, VenueReport } from '../../domain/order/commands.ts';
import { orderStream } from '../../domain/order/effects.ts';
import type { TransferAsset, TransferDirection } from '../../domain/transfer/asset.ts';
import { transferStream } from '../../domain/transfer/state.ts';
import { accountId as toAccountId, orderId as toOrderId } from '../../domain/values/ids.ts';
import { money } from '../../domain/values/money.ts';
import { quantity } from '../../domain/values/quantity.ts';
import { account } from '../../platform/aggregates/account.ts';
import { order } from '../../platform/aggregates/order.ts';
import { transfer } from '../../platform/aggregates/transfer.ts';
import { venueReport } from '../../platform/aggregates/venue-report.ts';
import { type Clock, systemClock } from '../../platform/clock/clock.ts';
import type { Aggregate } from '../../platform/command-handler/aggregate.ts';
import { CommandHandler } from '../../platform/command-handler/command-handler.ts';
import type { CommandContext } from '../../platform/command-handler/context.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';
import type { EventStore } from '../../platform/event-store/port.ts';
import { systemRandom } from '../../platform/random/random.ts';
import { VenueReporting } from '../../platform/reporting/venue-reporting.ts';
import { contract, type OrderChange, place } from './order.ts';

let made = 0;

/** A name nobody else in this process has. */
export function newName(prefix: string): string {
  made += 1;
  return `${prefix}-${process.pid}-${made}`;
}

/** One process that trades: the real aggregates over whatever store it is given. */
export class Desk {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly quarantined: (readonly [stream: string, error: Error])[] = [];
  readonly orders;
  readonly accounts;
  readonly transfers;
  readonly reports;
  readonly reporting: VenueReporting;

  constructor(store: EventStore, clock: Clock = systemClock) {
    this.store = store;
    this.clock = clock;
    this.orders = this.#handler(order);
    this.accounts = this.#handler(account);
    this.transfers = this.#handler(transfer);
    this.reports = this.#handler(venueReport);
    this.reporting = new VenueReporting({ orders: this.orders, reports: this.reports, store });
  }

  #handler<Command, State, Event extends DomainEvent>(aggregate: Aggregate<Command, State, Event>) {
    return new CommandHandler({
      aggregate,
      store: this.store,
      clock: this.clock,
      random: systemRandom,
      cell: 'cell-1',
      onQuarantine: (stream, error) => this.quarantined.push([stream, error]),
    });
  }

  get deadline(): Deadline {
    return deadlineIn(15_000, this.clock);
  }

  context(more: Partial<CommandContext> = {}): CommandContext {
    return { actor: { kind: 'operator', id: 'ann' }, deadline: this.deadline, ...more };
  }

  /** A new account with this much cash, in cents, and this many shares of ACME. */
  async account(cash = 0, lots = 0): Promise<string> {
    const id = newName('account');
    const command = { do: 'open', accountId: toAccountId(id), currency: 'USD' } as const;
    await this.accounts.handle(accountStream(id), command, this.context({ expectNew: true }));
    if (cash > 0) await this.move(id, 'in', { kind: 'cash', currency: 'USD', amount: money(cash) });
    if (lots > 0) await this.move(id, 'in', { kind: 'shares', contract, quantity: quantity(lots) });
    return id;
  }

  async halt(accountId: string): Promise<void> {
    await this.accounts.handle(accountStream(accountId), { do: 'halt', reason: 'test' }, this.context());
  }

  async move(
    accountId: string,
    direction: TransferDirection,
    asset: TransferAsset,
    approvalAbove: number | 'unlimited' = 'unlimited',
  ) {
    const transferId = newName('transfer');
    const requested = { asset: asset.kind, amount: 'some' };
    const outcome = await this.transfers.handle(
      transferStream(transferId),
      {
        do: 'request',
        transferId,
        accountId: toAccountId(accountId),
        direction,
        requested,
        asset,
        approvalAbove,
        epoch: 1,
      },
      this.context({ expectNew: true }),
    );
    return { transferId, outcome };
  }

  /** Places a plain order of ACME under a new id; `orderId` of the outcome's state is its name. */
  async place(accountId: string, change: OrderChange = {}) {
    const id = toOrderId(newName('order'));
    const command = { ...place({ id, ...change }), orderId: id, accountId: toAccountId(accountId) };
    const outcome = await this.command(id, command, this.context({ expectNew: true }));
    return { orderId: id, outcome };
  }

  command(orderId: string, command: OrderCommand, context = this.context()) {
    return this.orders.handle(orderStream(orderId), command, context);
  }

  report(orderId: string, report: VenueReport, context = this.context()) {
    return this.reporting.report('SIM', toOrderId(orderId), report, context);
  }

  async item(accountId: string): Promise<Item> {
    return (await this.store.readItem(accountItem(accountId), this.deadline)) ?? {};
  }

  async position(accountId: string): Promise<Item> {
    return (await this.store.readItem({ owner: accountId, name: 'position-ACME' }, this.deadline)) ?? {};
  }

  /** Cents of USD: available and held. */
  async cash(accountId: string): Promise<readonly [available: number, held: number]> {
    const item = await this.item(accountId);
    const { available, held } = cashAttributes('USD');
    return [amount(item, available), amount(item, held)];
  }

  async types(stream: string): Promise<readonly string[]> {
    const commits = await this.store.read(stream, 1, this.deadline);
    return commits.flatMap(({ events }) => events.map(({ type }) => type));
  }
}
