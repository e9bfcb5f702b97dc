import { type Posting, sumOf } from '../../domain/account/posting.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { liveExecutions } from '../../domain/order/history.ts';
import { feesOf, requiredHold, traded } from '../../domain/order/hold.ts';
import { isOpen, type Order, type OrderState } from '../../domain/order/state.ts';
import { type Finding, compared } from './finding.ts';
import { type AccountTotals, addTo, noSums } from './totals.ts';
import type { Audited } from './stream-audit.ts';

/** Adds an order to the totals of its account, and checks what must hold within the order itself. */
export function tallyOrder(
  stream: string,
  { state, events }: Audited<OrderState, OrderEvent>,
  totalsOf: (accountId: string) => AccountTotals,
): readonly Finding[] {
  if (state.kind !== 'order') return [];
  const findings: Finding[] = [];
  const totals = totalsOf(state.accountId);
  const restricting = new Set<number>();
  for (const { event, commit } of events) {
    const posting = 'posting' in event.data ? event.data.posting : undefined;
    if (posting) findings.push(...balanced(`${stream}@${commit.version}`, posting));
    if ('dayNotional' in event.data)
      totals.countDay(state.contract.currency, event.data.day, event.data.dayNotional);
    if (restricts(event, posting)) restricting.add(commit.version);
  }
  totals.restrictedBy.push(...[...restricting].map((version) => ({ stream, version })));
  totals.openOrders += Number(isOpen(state));
  return [...findings, ...tallyPostings(stream, state, { events: events.map(({ event }) => event), totals })];
}

/** Whether an event makes the account reduce only. */
export function restricts(event: OrderEvent, posting: Posting | undefined): boolean {
  const short = Math.min(posting?.cash?.shortfall ?? 0, posting?.shares?.shortfall ?? 0);
  return short < 0 || ('overfill' in event.data && event.data.overfill !== undefined);
}

export function balanced(where: string, { cash, shares }: Posting): readonly Finding[] {
  return [
    ...compared(where, 'sum of the cash entry', 0, sumOf(cash ?? {})),
    ...compared(where, 'sum of the share entry', 0, sumOf(shares ?? {})),
  ];
}

function tallyPostings(
  where: string,
  order: Order,
  { events, totals }: { readonly events: readonly OrderEvent[]; readonly totals: AccountTotals },
): readonly Finding[] {
  const [cash, shares] = [noSums(), noSums()];
  let exposure = 0;
  const position = totals.position(order.contract.symbol);
  position.contract = order.contract;
  for (const { data } of events) {
    const posting = ('posting' in data && data.posting) || {};
    for (const sums of [cash, totals.cash(order.contract.currency)]) addTo(sums, posting.cash ?? {});
    for (const sums of [shares, position.sums]) addTo(sums, posting.shares ?? {});
    exposure += posting.exposure ?? 0;
  }
  position.exposure += exposure;
  const direction = order.side === 'buy' ? 1 : -1;
  const net = direction * order.totals.cumulativeQuantity;
  return [
    ...compared(where, 'cash held by its postings', cash.held, order.hold.cash),
    ...compared(where, 'shares held by its postings', shares.held, order.hold.shares),
    ...compared(where, 'exposure held by its postings', exposure - net, order.hold.exposure),
    ...compared(where, 'cash traded', direction * traded(order), cash.clearing),
    ...compared(where, 'shares traded', -net, shares.clearing),
    ...compared(where, 'fees', feesOf(order), cash.fees),
    ...executionFindings(where, order, events),
    ...holdFindings(where, order),
  ];
}

/** Every execution counts once: the totals are those of the executions that stand. */
function executionFindings(where: string, order: Order, events: readonly OrderEvent[]): readonly Finding[] {
  let [lots, notional] = [0, 0];
  for (const { lastQuantity, lastPrice } of liveExecutions(events)) {
    lots += lastQuantity;
    notional += lastQuantity * lastPrice;
  }
  return [
    ...compared(where, 'cumulative quantity', lots, order.totals.cumulativeQuantity),
    ...compared(where, 'notional', notional, order.totals.notional),
  ];
}

/** What an open order still needs is held, and a closed one holds nothing. What could not be paid for is a shortfall, not a lack here. */
function holdFindings(where: string, order: Order): readonly Finding[] {
  const required = requiredHold(order);
  return (['cash', 'shares', 'exposure'] as const).flatMap((asset) => {
    const held = order.hold[asset];
    if (isOpen(order) ? held >= required[asset] : held === 0) return [];
    const expected = isOpen(order) ? `at least ${required[asset]}` : '0';
    return [{ where, what: `${asset} held`, expected, found: String(held) }];
  });
}
