import { accountItem, cashAttributes, positionItem } from '../account/holdings.ts';
import type { Condition, ItemChange } from '../account/items.ts';
import type { Entry, Posting } from '../account/posting.ts';
import type { Beginning, Effects } from '../decider.ts';
import type { OrderCommand, Observed, PlaceOrder } from './commands.ts';
import type { OrderEvent, OrderPlaced } from './events.ts';
import { evolve } from './evolve.ts';
import { type Demand, exitGuards, type Guard, guardsFor, startsNewDay } from './guards.ts';
import { demandOfExit } from './exits.ts';
import { demandOfPlaced, duplicateName, exitOf } from './place.ts';
import { demandOfReplace } from './requests.ts';
import type { OrderId } from '../values/ids.ts';
import { timestamp } from '../values/time.ts';
import { existing, isOpen, type Order, type OrderState } from './state.ts';

/** What a decision changes on the account and position items, under which conditions, in the same write. */
export function effects(
  command: OrderCommand,
  before: OrderState,
  events: readonly OrderEvent[],
): Effects<OrderEvent> {
  const total = withExit(totalOf(before, events), command, events);
  const changes = total ? itemChanges(command, before, events, total) : [];
  return {
    changes,
    beginnings:
      before.kind === 'order' ? events.flatMap((event) => aliasOf(event, before)) : begun(command, events),
  };
}

/** A replace introduces an outside id: its stream begins in the same write, so the id can never be taken twice. */
function aliasOf(event: OrderEvent, { orderId, accountId }: Order): readonly Beginning<OrderEvent>[] {
  if (event.type === 'StopLegReplaced') return [alias(event.data.replacementId, { orderId, accountId })];
  // The id of a stop loss has been an alias since the pair was placed.
  if (event.type !== 'ReplaceRequested' || event.data.leg) return [];
  return [alias(event.data.replacementId, { orderId, accountId })];
}

function alias(id: OrderId, data: Pick<Order, 'orderId' | 'accountId'>): Beginning<OrderEvent> {
  return { stream: orderStream(id), events: [{ type: 'OrderAliased', schema: 1, data }] };
}

/** An entry's exit begins with it, waiting; the stop loss of a pair is another id of the pair. */
function begun(command: OrderCommand, events: readonly OrderEvent[]): readonly Beginning<OrderEvent>[] {
  const placed = placedIn(command, events);
  if (!placed) return [];
  const exit = exitOf(placed.command, placed.event);
  const { stopLeg, orderId, accountId } = (exit ?? placed.event).data;
  const held = { type: 'OrderHeld', schema: 1, data: { for: 'parent' } } as const;
  return [
    ...(exit ? [{ stream: orderStream(orderId), events: [exit, held] as const }] : []),
    ...(stopLeg ? [alias(stopLeg.orderId, { orderId, accountId })] : []),
  ];
}

function placedIn(command: OrderCommand, events: readonly OrderEvent[]) {
  const [event] = events;
  return command.do === 'place' && command.linked && event?.type === 'OrderPlaced'
    ? { command, event }
    : undefined;
}

export function orderStream(orderId: string): string {
  return `order-${orderId}`;
}

interface Total {
  readonly order: Order;
  readonly cash: Entry;
  readonly shares: Entry;
  readonly exposure: number;
  readonly openOrders: number;
  readonly dayNotional: number;
  readonly overfilled: boolean;
}

function totalOf(before: OrderState, events: readonly OrderEvent[]): Total | undefined {
  let state = before;
  let cash: Entry = {};
  let shares: Entry = {};
  let exposure = 0;
  let dayNotional = 0;
  for (const event of events) {
    // Times play no part in money; any will do for folding here.
    state = evolve(state, event, before.kind === 'order' ? before.times.updatedAt : timestamp(0));
    const posting: Posting = ('posting' in event.data ? event.data.posting : undefined) ?? {};
    cash = plus(cash, posting.cash);
    shares = plus(shares, posting.shares);
    exposure += posting.exposure ?? 0;
    if ('dayNotional' in event.data) dayNotional += event.data.dayNotional;
  }
  if (state.kind !== 'order') return undefined;
  const wasOpen = before.kind === 'order' && isOpen(before);
  const openOrders = Number(isOpen(state)) - Number(wasOpen);
  const overfilled = events.some(
    (event) =>
      (event.type === 'OrderExecuted' || event.type === 'ExecutionCorrected') &&
      event.data.overfill !== undefined,
  );
  return { order: state, cash, shares, exposure, openOrders, dayNotional, overfilled };
}

/** Every order of a group counts from the beginning. */
function withExit(
  total: Total | undefined,
  command: OrderCommand,
  events: readonly OrderEvent[],
): Total | undefined {
  const placed = placedIn(command, events);
  const exit = placed && exitOf(placed.command, placed.event);
  if (!total || !exit) return total;
  return {
    ...total,
    openOrders: total.openOrders + 1,
    dayNotional: total.dayNotional + exit.data.dayNotional,
  };
}

function plus(a: Entry, b: Entry | undefined): Entry {
  if (!b) return a;
  return {
    available: (a.available ?? 0) + (b.available ?? 0),
    held: (a.held ?? 0) + (b.held ?? 0),
    shortfall: (a.shortfall ?? 0) + (b.shortfall ?? 0),
  };
}

function itemChanges(
  command: OrderCommand,
  before: OrderState,
  events: readonly OrderEvent[],
  total: Total,
): readonly ItemChange[] {
  const demand = demandOf(command, before, events);
  const guards = demand && guardsOf(command, demand, total.order);
  const observed = 'observed' in command ? command.observed : undefined;
  const account = accountChange(total, guards, observed, demand);
  const position = positionChange(total, guards, observed);
  const duplicate =
    command.do === 'place' && before.kind === 'unborn' ? duplicateChange(command, events[0]) : undefined;
  return [account, position, duplicate].filter((one) => one !== undefined);
}

function demandOf(
  command: OrderCommand,
  before: OrderState,
  events: readonly OrderEvent[],
): Demand | undefined {
  const [first] = events;
  if (command.do === 'place' && first?.type === 'OrderPlaced') return demandOfPlaced(command, first);
  if (
    command.do === 'request-replace' &&
    (first?.type === 'ReplaceRequested' || first?.type === 'StopLegReplaced')
  )
    return demandOfReplace(command, existing(before), first);
  if (command.do === 'release-exit' && first?.type === 'OrderReleased')
    return demandOfExit(command, existing(before), first);
  return undefined;
}

function guardsOf(command: OrderCommand, demand: Demand, { epoch }: Order): readonly Guard[] | undefined {
  if (command.do === 'release-exit') return exitGuards(command, demand, epoch);
  return command.do === 'place' || command.do === 'request-replace' ? guardsFor(command, demand) : undefined;
}

/** Only our own decisions are conditional. What the venue said posts: it asks only whether `available` can bear it. */
function accountChange(
  total: Total,
  guards: readonly Guard[] | undefined,
  observed: Observed | undefined,
  demand: Demand | undefined,
): ItemChange | undefined {
  const { order, cash, openOrders } = total;
  const names = cashAttributes(order.contract.currency);
  const newDay = demand !== undefined && startsNewDay(observed, demand);
  const short = (cash.shortfall ?? 0) < 0 || (total.shares.shortfall ?? 0) < 0 || total.overfilled;
  const add = nonZero({
    [names.available]: cash.available ?? 0,
    [names.held]: cash.held ?? 0,
    [names.shortfall]: cash.shortfall ?? 0,
    openOrders,
    restrictions: Number(short),
    ...(!newDay && { [names.dayNotional]: total.dayNotional }),
  });
  const set = {
    ...(newDay && { [names.dayNotional]: total.dayNotional, [names.day]: demand.day }),
    ...(short && { reduceOnly: 1 }),
  };
  if (guards === undefined && Object.keys(add).length === 0 && Object.keys(set).length === 0)
    return undefined;
  const conditions = guards
    ? guards.filter(({ on }) => on === 'account').map(({ condition }) => condition)
    : [{ attribute: 'epoch', is: '=', value: order.epoch } as const, ...bearable(names.available, cash)];
  return { key: accountItem(order.accountId), conditions, add, set, must: 'exist' };
}

function bearable(attribute: string, moved: Entry): readonly Condition[] {
  const drawn = -(moved.available ?? 0);
  // With a shortfall the draw is exactly what was there: anything else means it has changed since.
  if ((moved.shortfall ?? 0) < 0) return [{ attribute, is: '=', value: drawn }];
  return drawn > 0 ? [{ attribute, is: '>=', value: drawn }] : [];
}

function positionChange(
  total: Total,
  guards: readonly Guard[] | undefined,
  observed: Observed | undefined,
): ItemChange | undefined {
  const { order, shares, exposure } = total;
  const add = nonZero({
    available: shares.available ?? 0,
    held: shares.held ?? 0,
    shortfall: shares.shortfall ?? 0,
    exposure,
  });
  if (Object.keys(add).length === 0) return undefined;
  const key = positionItem(order.accountId, order.contract.symbol);
  const missing = observed?.position === 'missing';
  const conditions = guards
    ? guards.filter(({ on }) => on === 'position').map(({ condition }) => condition)
    : bearable('available', shares);
  return missing ? { key, conditions: [], add, must: 'be-absent' } : { key, conditions, add };
}

function duplicateChange(command: PlaceOrder, event: OrderEvent | undefined): ItemChange | undefined {
  const { now, account } = command.rules;
  if (account.duplicateWindowMs === 0 || event?.type !== 'OrderPlaced') return undefined;
  const key = duplicateItem(event);
  const seen = command.observed?.duplicate;
  if (seen === undefined || seen === 'missing')
    return { key, conditions: [], set: { at: now }, must: 'be-absent' };
  const before = now - account.duplicateWindowMs * 1000;
  return { key, conditions: [{ attribute: 'at', is: '<=', value: before }], set: { at: now } };
}

export function duplicateItem(event: OrderPlaced) {
  return { owner: `duplicates-${event.data.accountId}`, name: duplicateName(event) };
}

function nonZero(amounts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(amounts).filter(([, value]) => value !== 0));
}

/** The command, knowing what the items held that refused the write; what was learnt before and not refused again still counts. */
export function observe(
  command: OrderCommand,
  refusals: readonly { readonly key: ItemChange['key']; readonly item: Observed['account'] | undefined }[],
): OrderCommand {
  if (
    command.do === 'request-cancel' ||
    command.do === 'release' ||
    command.do === 'expire' ||
    command.do === 'elect-stop'
  )
    return command;
  let observed: Observed = command.observed ?? {};
  for (const { key, item } of refusals) {
    const found = item ?? 'missing';
    if (key.name === 'account') observed = { ...observed, account: found };
    else if (key.owner.startsWith('duplicates-')) observed = { ...observed, duplicate: found };
    else observed = { ...observed, position: found };
  }
  return { ...command, observed };
}
