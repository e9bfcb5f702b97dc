import type { OrderState } from '../../../domain/order/state.ts';
import type { Limit } from '../../../domain/risk/rules.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { demand } from '../law.ts';
import type { MarketVersion } from '../market.ts';
import type { AccountModel } from './account-model.ts';
import type { Posting } from './ledger.ts';
import type { OrderModel } from './order-model.ts';
import { worstCase } from './worst-case.ts';

/** What must hold for one order after each of its commits, whatever happened to it. */
export function checkOrder(order: OrderModel, state: OrderState, where: string): void {
  checkMoney(order, where);
  checkHold(order, where);
  demand(state.kind === 'order', 'quantities agree', () => `${where} folds to ${state.kind}`);
  const { totals, hold, phase, terms, pending } = state;
  const isSame =
    totals.cumulativeQuantity === order.lots &&
    totals.notional === order.ticksTimesLots &&
    terms.orderQuantity === order.terms.orderQuantity &&
    pending.length === order.pending.length;
  demand(isSame, 'quantities agree', () => `${where}: ${JSON.stringify({ totals, terms, pending })}`);
  const closed = phase.name === 'closed' ? phase.reason : undefined;
  demand(
    closed === order.closed,
    'quantities agree',
    () => `${where}: closed ${closed}, not ${order.closed}`,
  );
  const isHeld = hold.cash === order.cash.of('held') && hold.shares === order.shares.of('held');
  demand(isHeld, 'a hold is what was posted for it', () => `${where}: ${JSON.stringify(hold)}`);
}

/** Cash and shares are those of the executions that stand: as if what was undone had never been. */
function checkMoney(order: OrderModel, where: string): void {
  const { trade, fees } = order.cost(order.lots, order.ticksTimesLots);
  const direction = order.placed.side === 'buy' ? 1 : -1;
  const posted = [order.cash.of('clearing'), order.cash.of('fees'), order.shares.of('clearing')];
  demand(
    posted[0] === trade && posted[1] === fees && posted[2] === -direction * order.lots,
    'cash equals fills plus fees',
    () => `${where}: posted ${posted.join()}, the fills say ${[trade, fees, -direction * order.lots].join()}`,
  );
}

function checkHold(order: OrderModel, where: string): void {
  const cash = order.cash.of('held');
  const shares = order.shares.of('held');
  const direction = order.placed.side === 'buy' ? 1 : -1;
  const reserved = order.exposure - direction * order.lots;
  if (!order.isOpen) {
    demand(
      cash === 0 && shares === 0 && reserved === 0,
      'a closed order holds nothing',
      () => `${where}: ${cash}, ${shares} lots, ${reserved} exposure`,
    );
    return;
  }
  const worst = worstCase(order);
  const isBuy = direction === 1;
  const covered = isBuy ? cash >= worst.cash : cash >= worst.cash && shares >= worst.lots;
  demand(
    covered,
    'a hold covers the worst case',
    () => `${where}: ${cash} and ${shares} lots for ${JSON.stringify(worst)}`,
  );
  const isTight = isBuy ? cash === worst.cash && shares === 0 : shares === worst.lots;
  demand(
    isTight,
    'no more is held than needed',
    () => `${where}: ${cash}, ${shares} lots for ${JSON.stringify(worst)}`,
  );
  const expected = isBuy && order.placed.positionLimited ? worst.lots : 0;
  demand(reserved === expected, 'exposure is reserved', () => `${where}: ${reserved}, not ${expected}`);
}

const ownDecisions: readonly string[] = ['OrderPlaced', 'ReplaceRequested'];

/** The limits our own decisions are made under. */
export class Limits {
  readonly #inForce: (config: string | undefined) => Pick<MarketVersion, 'account' | 'instruments'>;

  constructor(inForce: (config: string | undefined) => Pick<MarketVersion, 'account' | 'instruments'>) {
    this.#inForce = inForce;
  }

  demandWithin(commit: Commit, { placed }: OrderModel, account: AccountModel): void {
    const own = commit.events.find(({ type, data }) => ownDecisions.includes(type) && !('leg' in data));
    if (!own) return;
    const where = `${commit.stream}@${commit.version} ${own.type}`;
    demand(account.status === 'active', 'a halted account decides nothing', () => where);
    demand(placed.side === 'sell' || !account.isReduceOnly, 'who may only reduce does not buy', () => where);
    const { account: limits, instruments } = this.#inForce(commit.config);
    const { openOrdersMax, dayNotionalMax } = limits;
    const { currency, symbol } = placed.contract;
    const numbers: readonly (readonly [what: string, value: number, limit: Limit])[] = [
      ['open orders', own.type === 'OrderPlaced' ? account.openOrders : 0, openOrdersMax],
      ['day notional', account.days.get(currency)?.notional ?? 0, dayNotionalMax],
      [
        'exposure',
        reserves(own) ? (account.exposure.get(symbol) ?? 0) : 0,
        instruments.get(symbol)?.positionMax,
      ],
    ];
    for (const [what, value, limit] of numbers)
      demand(
        limit === 'unlimited' || value <= (limit ?? 0),
        'our own decisions stay within the limits',
        () => `${where}: ${what} ${value} above ${limit}`,
      );
  }
}

/** What reserves no exposure is no decision about it: a venue may have brought it above the limit. */
function reserves({ data }: { readonly data: { readonly posting?: unknown } }): boolean {
  const posting = data.posting as Posting | undefined;
  return (posting?.exposure ?? 0) > 0;
}

/** At the limit or better: our own book promises that, another venue only should. */
export function demandWithinPrice({ terms, placed }: OrderModel, ticks: number, where: string): void {
  const worst = terms.limitPrice ?? terms.protectionPrice ?? NaN;
  const isWithin = placed.side === 'buy' ? ticks <= worst : ticks >= worst;
  demand(
    isWithin,
    'no order trades through its limit',
    () => `${where}: ${placed.side} at ${ticks} for ${worst}`,
  );
}

/** What an exit may close is what its entry had opened when it ended, once. A bust in between changes nothing, as docs/api.md says. */
export function demandReleasedOnce(exit: OrderModel, entry: OrderModel | undefined, where: string): void {
  demand(exit.releases === 1, 'an exit is released once', () => `${where}: ${exit.releases} times`);
  if (!entry) return;
  const lots = exit.terms.orderQuantity;
  demand(
    entry.wasClosed && lots <= entry.bought,
    'an exit closes what its entry has opened',
    () => `${where}: ${lots} lots of ${entry.bought}, the entry is ${entry.closed ?? 'open'}`,
  );
}
