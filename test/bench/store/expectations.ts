import type { Bill } from './contestant.ts';
import type { Fates } from './contention.ts';

export type Costs = Readonly<Record<string, Bill>>;

const bill = (requests: number, writeUnits: number, readUnits: number): Bill => ({
  requests,
  writeUnits,
  readUnits,
});

/**
 * What ours cost when they were last looked at, in requests, write units and read units. A release that costs more must say so
 * here. DynamoDB Local bills no read unit for a query that finds nothing; DynamoDB bills one.
 */
const expectations: Costs = {
  'eleven commands, ordercell, warm': bill(11, 11, 0),
  'eleven commands, ordercell, cold': bill(21, 11, 10),
  'long stream, ordercell, first commits': bill(1, 1, 0),
  'long stream, ordercell, last commits': bill(1, 1, 0),
  'long stream, ordercell, cold load': bill(1, 0, 1),
  ...fills('from a book (position known)', bill(1, 6.125, 0)),
  ...fills('reported by a connector', bill(3.02, 10.5, 0)),
};

/** The same from the first to the last: every 16th commit of an order takes a second unit for its snapshot. */
function fills(way: string, each: Bill): Costs {
  return Object.fromEntries(['first', 'middle', 'last'].map((part) => [`fill ${way}, ${part}`, each]));
}

export function exceeded(costs: Costs): readonly string[] {
  return Object.entries(expectations).flatMap(([name, expected]) => {
    const cost = costs[name];
    if (!cost) return [`${name} was not measured`];
    return (['requests', 'writeUnits', 'readUnits'] as const)
      .filter((unit) => cost[unit] > expected[unit] + 0.001)
      .map((unit) => `${name}: ${cost[unit]} ${unit}, recorded are ${expected[unit]}`);
  });
}

/** Ours must do every command, once. */
export function unmet(fates: ReadonlyMap<string, Fates>, commands: number): readonly string[] {
  return [...fates].flatMap(([name, { acknowledged, lost, doubled }]) =>
    !name.startsWith('ordercell') || (acknowledged === commands && lost === 0 && doubled === 0)
      ? []
      : [`${name}: ${acknowledged} of ${commands} acknowledged, ${lost} lost, ${doubled} doubled`],
  );
}
