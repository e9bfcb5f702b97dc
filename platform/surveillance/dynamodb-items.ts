import { type Attributes, attributes, flat } from '../event-store/dynamodb-attributes.ts';
import { type Key, surveillancePrefix } from '../views/dynamodb-items.ts';
import { viewsKey } from '../views/tables.ts';
import { accountName, type Figures, nameOf, storedFigures } from './figures.ts';
import { type BreachRecord, placeOf, type Settlement } from './port.ts';
import { surveillanceName } from './version.ts';
import { storedBreach } from './stored-breach.ts';
import type { Breach } from './watch.ts';

/**
 * In the views' table, but not thrown away with them. A breach is listed twice, and a third time until it is acted on:
 *
 * | item    | partition                                 | sort                    |
 * |---------|-------------------------------------------|-------------------------|
 * | cursor  | `surveillance#stream#<stream>`            | `<consumer>`            |
 * | figures | `surveillance#figures#<account>`          | `account`, `instrument ...`, `strategy ...` |
 * | breach  | `surveillance#breaches#<account, or none>` | `<time>-<breach>`      |
 * | pending | `surveillance#pending`                    | `<time>-<breach>`       |
 * | known   | `surveillance#known#<breach>`             | `known`                 |
 */
const prefix = surveillancePrefix;
const part = encodeURIComponent;

export const cursorKey = (stream: string): Key => ({
  pk: `${prefix}stream#${part(stream)}`,
  sk: surveillanceName,
});
export const figuresOf = (account: string): string => `${prefix}figures#${part(account)}`;
export const figuresKey = (account: string, name: string): Key => ({
  pk: figuresOf(account),
  sk: part(name),
});
export const breachesOf = (account = ''): string => `${prefix}breaches#${part(account)}`;
export const pendingPartition = `${prefix}pending`;
export const knownKey = (breachId: string): Key => ({ pk: `${prefix}known#${breachId}`, sk: 'known' });

function named({ pk, sk }: Key): Record<string, string> {
  return { [viewsKey.partition]: pk, [viewsKey.sort]: sk };
}

export function figuresItem(account: string, figures: Figures, revision: number): Attributes {
  const name = nameOf(figures);
  const guarded = name === accountName ? { revision } : {};
  return attributes({
    ...named(figuresKey(account, name)),
    ...guarded,
    body: JSON.stringify(figures),
  });
}

export function figuresFrom(item: Attributes): Figures {
  return storedFigures(flat(item)['body']);
}

/** Where a breach stands: with all, with its account's, and with those to be acted on. */
export function breachKeys(breach: Breach): readonly Key[] {
  const sk = placeOf(breach);
  return [breachesOf(), breachesOf(breach.accountId), pendingPartition].map((pk) => ({ pk, sk }));
}

export function breachItems(breach: Breach): readonly Attributes[] {
  const body = JSON.stringify(breach);
  const known = attributes(named(knownKey(breach.breachId)));
  return [known, ...breachKeys(breach).map((key) => attributes({ ...named(key), body }))];
}

export function settledItems(breach: BreachRecord, settlement: Settlement): readonly Attributes[] {
  const { settled: _none, ...bare } = breach;
  const [all, own] = breachKeys(breach);
  return [all, own].flatMap((key) =>
    key
      ? [attributes({ ...named(key), body: JSON.stringify(bare), settled: JSON.stringify(settlement) })]
      : [],
  );
}

export function breachFrom(item: Attributes): BreachRecord {
  const { body, settled } = flat(item);
  return storedBreach(body, settled);
}
