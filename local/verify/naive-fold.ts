import * as z from 'zod';
import type { EvidenceFile } from './evidence-file.ts';
import { commitName, type Finding, found, nothing } from './finding.ts';
import type { LoggedCommit, LoggedEvent } from './log.ts';
import { feeFor, minorUnits, type Placed } from './units.ts';

const entry = z.strictObject({
  available: z.int().optional(),
  held: z.int().optional(),
  clearing: z.int().optional(),
  fees: z.int().optional(),
  external: z.int().optional(),
  shortfall: z.int().optional(),
});
const posting = z.looseObject({ cash: entry.optional(), shares: entry.optional() });
const withPosting = z.looseObject({ posting: posting.optional() });

const execution = z.looseObject({
  executionId: z.string(),
  lastQuantity: z.int(),
  lastPrice: z.int(),
  replacesExecutionId: z.string().optional(),
  position: z.looseObject({ stream: z.string() }),
});

type Entry = z.infer<typeof entry>;
type Account = keyof Entry;
const accounts: readonly Account[] = ['available', 'held', 'clearing', 'fees', 'external', 'shortfall'];
type Sums = Record<'cash' | 'shares', Record<Account, bigint>>;

interface Live {
  readonly id: string;
  readonly stream: string;
  readonly lots: bigint;
  readonly ticks: bigint;
}

export interface Totals {
  readonly lots: bigint;
  readonly notional: bigint;
  readonly traded: bigint;
  readonly fees: bigint;
  readonly heldCash: bigint;
  readonly heldShares: bigint;
}

export interface NaiveFold {
  readonly totals: Totals;
  readonly findings: readonly Finding[];
}

const noSums = (): Record<Account, bigint> => ({
  available: 0n,
  held: 0n,
  clearing: 0n,
  fees: 0n,
  external: 0n,
  shortfall: 0n,
});

/**
 * What the order came to, added up from nothing but its executions: after each of its commits the money and shares posted so far must be
 * what those come to, to the minor unit, and every entry must balance by itself.
 */
export function foldNaively(placed: Placed, commits: readonly LoggedCommit[]): NaiveFold {
  const sums: Sums = { cash: noSums(), shares: noSums() };
  let live: readonly Live[] = [];
  const findings: Finding[] = [];
  for (const { stream, version, events } of commits) {
    const name = commitName(stream, version);
    for (const event of events) {
      live = afterEvent(live, event);
      findings.push(...post(name, sums, event));
    }
    findings.push(...differences(name, totalsOf(placed, live, sums), posted(placed, sums)));
  }
  return { totals: totalsOf(placed, live, sums), findings };
}

/** A bust takes an execution out, a correction puts another one in its place; of two with one id its own venue's is meant. */
function afterEvent(live: readonly Live[], { type, data }: LoggedEvent): readonly Live[] {
  if (!['OrderExecuted', 'ExecutionBusted', 'ExecutionCorrected'].includes(type)) return live;
  const read = execution.safeParse(data);
  if (!read.success) return live;
  const { executionId, replacesExecutionId, lastQuantity, lastPrice, position } = read.data;
  const { stream } = position;
  const added = { id: executionId, stream, lots: BigInt(lastQuantity), ticks: BigInt(lastPrice) };
  if (type === 'OrderExecuted') return [...live, added];
  const named = type === 'ExecutionBusted' ? executionId : replacesExecutionId;
  const out =
    live.find((one) => one.id === named && one.stream === stream) ?? live.find((one) => one.id === named);
  const rest = live.filter((one) => one !== out);
  return type === 'ExecutionBusted' ? rest : [...rest, added];
}

function post(name: string, sums: Sums, { type, data }: LoggedEvent): readonly Finding[] {
  const read = withPosting.safeParse(data);
  if (!read.success) return found(name, `the posting of ${type} is none`);
  const findings: Finding[] = [];
  for (const asset of ['cash', 'shares'] as const) {
    const moved = read.data.posting?.[asset] ?? {};
    const sum = accounts.reduce((total, account) => total + BigInt(moved[account] ?? 0), 0n);
    if (sum !== 0n)
      findings.push(...found(name, `the ${asset} entry of ${type} adds up to ${sum}, not to 0`));
    for (const account of accounts) sums[asset][account] += BigInt(moved[account] ?? 0);
  }
  return findings;
}

function totalsOf(placed: Placed, live: readonly Live[], { cash, shares }: Sums): Totals {
  const lots = live.reduce((sum, one) => sum + one.lots, 0n);
  const notional = live.reduce((sum, one) => sum + one.lots * one.ticks, 0n);
  return {
    lots,
    notional,
    traded: minorUnits(notional, placed.contract, placed.side === 'buy' ? 'up' : 'down'),
    fees: feeFor(placed, lots, notional),
    heldCash: cash.held,
    heldShares: shares.held,
  };
}

/** The same three, as the postings have them. */
function posted({ side }: Placed, { cash, shares }: Sums): Pick<Totals, 'lots' | 'traded' | 'fees'> {
  const direction = side === 'buy' ? 1n : -1n;
  return { lots: -direction * shares.clearing, traded: direction * cash.clearing, fees: cash.fees };
}

const words = { lots: 'lots traded', traded: 'minor units traded', fees: 'minor units of fees' } as const;

function differences(
  name: string,
  expected: Totals,
  postedSoFar: Pick<Totals, 'lots' | 'traded' | 'fees'>,
): readonly Finding[] {
  return (['lots', 'traded', 'fees'] as const)
    .filter((what) => expected[what] !== postedSoFar[what])
    .flatMap((what) =>
      found(name, `${postedSoFar[what]} ${words[what]} are posted, its executions come to ${expected[what]}`),
    );
}

const closedStatuses = ['filled', 'canceled', 'expired', 'rejected', 'calculated'];

/** What the file says the order came to, against what was added up here. */
export function checkTotals({ order }: EvidenceFile, totals: Totals): readonly Finding[] {
  const claims: readonly (readonly [string, number, bigint])[] = [
    ['filled_lots', order.filled_lots, totals.lots],
    ['notional', order.notional, totals.notional],
    ['traded', order.traded, totals.traded],
    ['fees', order.fees, totals.fees],
    ['held_cash', order.held_cash, totals.heldCash],
    ['held_shares', order.held_shares, totals.heldShares],
  ];
  const holds = closedStatuses.includes(order.status) && (totals.heldCash !== 0n || totals.heldShares !== 0n);
  return [
    ...claims
      .filter(([, claimed, summed]) => BigInt(claimed) !== summed)
      .flatMap(([what, claimed, summed]) =>
        found(`order.${what}`, `it says ${claimed}, the log comes to ${summed}`),
      ),
    ...(holds ? found('order.status', `${order.status}, and something is still held`) : nothing),
  ];
}
