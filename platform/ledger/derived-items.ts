import { accountItem, cashAttributes, positionItem } from '../../domain/account/holdings.ts';
import type { Item, ItemChange, ItemKey } from '../../domain/account/items.ts';
import { approvalItems } from '../../domain/approval/effects.ts';
import { keyItems } from '../../domain/api-key/effects.ts';
import type { DomainEvent } from '../../domain/decider.ts';
import { referencePriceItem } from '../../domain/instrument/reference-price.ts';
import { killSwitchItems } from '../../domain/kill-switch/effects.ts';
import { webhookItems } from '../../domain/webhook/effects.ts';
import { apiKey } from '../aggregates/api-key.ts';
import { approval } from '../aggregates/approval.ts';
import { killSwitch } from '../aggregates/kill-switch.ts';
import { webhook } from '../aggregates/webhook.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { Fold } from '../command-handler/fold.ts';
import { unhurried } from '../deadline/deadline.ts';
import { canonicalJson } from '../event-store/canonical-json.ts';
import { changedItem } from '../event-store/items.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import { referencePrice } from '../reference-prices/aggregate.ts';
import { totalsOfAccounts } from './reconcile.ts';
import { kindOf } from './other-streams.ts';
import type { AccountTotals, CommitName } from './totals.ts';

export interface KeptItem {
  readonly key: ItemKey;
  readonly item: Item;
}

/** Which of two commits came first: streams alone do not tell. */
export type SequenceOf = (commit: CommitName) => number;

/**
 * Every item as the log alone has it, of a store at rest. Left out are the guards against doubled orders (`duplicates-…`), which
 * count for seconds; an age of a reference price is that of its commit.
 */
export async function derivedItems(store: EventStore, sequenceOf: SequenceOf): Promise<readonly KeptItem[]> {
  const items = new Map<string, KeptItem>();
  const keep = (key: ItemKey, item: Item) => items.set(JSON.stringify([key.owner, key.name]), { key, item });
  for (const total of (await totalsOfAccounts(store)).values()) {
    keep(accountItem(total.accountId), accountOf(total, sequenceOf));
    for (const [symbol, { sums, exposure }] of total.positions) {
      const { available, held, shortfall } = sums;
      keep(positionItem(total.accountId, symbol), { available, held, shortfall, exposure });
    }
  }
  for await (const { stream } of store.heads(() => unhurried)) {
    const changesIn = others.get(kindOf(stream));
    if (!changesIn) continue;
    for (const change of changesIn(stream, await store.read(stream, 1, unhurried))) {
      const known = items.get(JSON.stringify([change.key.owner, change.key.name]));
      keep(change.key, changedItem(change, known?.item));
    }
  }
  return [...items.values()];
}

/**
 * The first item that is not in both; undefined: there is none. Nothing and zero are the same, and what `derivedItems` leaves out is
 * left out.
 */
export function itemDifference(derived: readonly KeptItem[], kept: readonly KeptItem[]): string | undefined {
  const [one, other] = [linesOf(derived), linesOf(kept)];
  return [...one].find((line) => !other.has(line)) ?? [...other].find((line) => !one.has(line));
}

function linesOf(items: readonly KeptItem[]): ReadonlySet<string> {
  const lines = items.flatMap(({ key: { owner, name }, item }) => {
    const isPrice = owner.startsWith('instrument-');
    const members = Object.entries(item)
      .filter(([member, value]) => value !== 0 && value !== '' && !(isPrice && member === 'at'))
      .map(([member, value]) => [member, inOneOrder(value)] as const)
      .toSorted(([left], [right]) => left.localeCompare(right));
    const isLeftOut = owner.startsWith('duplicates-') || members.length === 0;
    return isLeftOut ? [] : [`${owner} ${name} ${JSON.stringify(members)}`];
  });
  return new Set(lines);
}

/** The members of an object inside a text come in whatever order it was written with: that is no difference. */
function inOneOrder(value: string | number): string | number {
  if (typeof value !== 'string') return value;
  try {
    return canonicalJson(JSON.parse(value));
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

function accountOf(total: AccountTotals, sequenceOf: SequenceOf): Item {
  const item: Record<string, string | number> = {
    reduceOnly: isReduceOnly(total, sequenceOf) ? 1 : 0,
    restrictions: total.restrictedBy.length,
    openOrders: total.openOrders,
  };
  if (total.account) {
    const { status, currency, epoch, configuration } = total.account;
    Object.assign(item, { status, currency, epoch, suspended: configuration.suspendTrade ? 1 : 0 });
  }
  for (const [currency, sums] of total.currencies) {
    const names = cashAttributes(currency);
    for (const name of ['available', 'held', 'shortfall'] as const) item[names[name]] = sums[name];
    const day = total.day(currency);
    if (day) Object.assign(item, { [names.day]: day.day, [names.dayNotional]: day.notional });
  }
  return item;
}

function isReduceOnly({ restrictedBy, liftedBy }: AccountTotals, sequenceOf: SequenceOf): boolean {
  const last = (commits: readonly CommitName[]) => Math.max(0, ...commits.map(sequenceOf));
  if (restrictedBy.length === 0 || liftedBy.length === 0) return restrictedBy.length > 0;
  return last(restrictedBy) > last(liftedBy);
}

type ChangesIn = (stream: string, commits: readonly Commit[]) => readonly ItemChange[];

/** Kinds of streams whose events say by themselves what is in their items. */
const others = new Map<string, ChangesIn>([
  ['key', changesOf(apiKey, keyItems)],
  ['approval', changesOf(approval, approvalItems)],
  ['killswitch', changesOf(killSwitch, killSwitchItems)],
  ['webhook', changesOf(webhook, webhookItems)],
  ['instrument', pricesIn],
]);

function changesOf<Command, State, Event extends DomainEvent>(
  aggregate: Aggregate<Command, State, Event>,
  itemsOf: (before: State, events: readonly Event[]) => readonly ItemChange[],
): ChangesIn {
  const fold = new Fold(aggregate);
  return (stream, commits) => {
    const changes: ItemChange[] = [];
    let loaded = fold.start(stream);
    for (const commit of commits) {
      changes.push(...itemsOf(loaded.state, fold.events(commit)));
      loaded = fold.next(loaded, commit);
    }
    return changes;
  };
}

function pricesIn(_stream: string, commits: readonly Commit[]): readonly ItemChange[] {
  return commits.flatMap(({ events, at }) =>
    events.map((stored) => {
      const { symbol, price, source } = referencePrice.upcast(stored).data;
      return { key: referencePriceItem(symbol), conditions: [], set: { price, source, at } };
    }),
  );
}
