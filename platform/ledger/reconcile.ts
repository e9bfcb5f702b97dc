import type { Item } from '../../domain/account/items.ts';
import type { Clock } from '../clock/clock.ts';
import { type Deadline, DeadlineExceeded, remainingMs, unhurried } from '../deadline/deadline.ts';
import { isDamage } from '../event-store/errors.ts';
import type { EventStore } from '../event-store/port.ts';
import { tallyAccount } from './account-audit.ts';
import { auditBook, sideFindings } from './book-audit.ts';
import type { Finding } from './finding.ts';
import { itemFindings } from './item-audit.ts';
import { tallyOrder } from './order-audit.ts';
import { auditOther, kindOf } from './other-streams.ts';
import { everyStream } from './read-ahead.ts';
import { auditAccount, auditOrder, auditTransfer } from './stream-audit.ts';
import { AccountTotals } from './totals.ts';
import { type AssetSums, LedgerSums } from './ledger-sums.ts';
import { sidesHeard, TradeSides } from './trade-sides.ts';
import { tallyTransfer } from './transfer-audit.ts';

export interface Reconciliation {
  readonly streams: number;
  readonly commits: number;
  readonly accounts: number;
  /** Everything found wrong; the first `findingsMax` of them by name. */
  readonly differences: number;
  readonly findings: readonly Finding[];
  /** Accounts that were written while they were read, so that nothing can be said about their items. */
  readonly unsettled: readonly string[];
  readonly sums: readonly AssetSums[];
}

/** For who reconciles on behalf of somebody waiting. */
export interface TimeLimit {
  readonly deadline: Deadline;
  readonly clock: Clock;
  /** Told at once of what is certain: all that is known where the time is up before the end. */
  readonly onFound?: (findings: readonly Finding[]) => void;
}

export const findingsMax = 1_000;
/** Accounts in use are looked at again this often before they are given up as unsettled. */
const passesMax = 3;
/** Streams between two breaths, so that a cell that reconciles itself keeps answering. */
const streamsPerTurn = 50;

/**
 * Replays every stream with the domain's own code, adds up their entries, and compares the account and position items with the
 * sums. Reads only, a few streams at a time; memory grows with the accounts, not with the log. On a store in use, what was
 * written meanwhile looks like a difference, so each account found different is looked at again, and reported only when its
 * items stayed the same from before its streams were read until after.
 *
 * Without `limit` it takes as long as it takes; with it, throws `DeadlineExceeded` when there is more to read than time.
 */
export async function reconcile(store: EventStore, limit?: TimeLimit): Promise<Reconciliation> {
  const found: Finding[] = [];
  const add = (findings: readonly Finding[]) => {
    found.push(...findings);
    if (findings.length > 0) limit?.onFound?.(findings);
  };
  const pass = await run({ store, limit, isWanted: () => true, onFound: add });
  const suspects = await suspectsOf(store, pass, limit);
  const { findings: itemDifferences, unsettled } = await settled(store, suspects, limit);
  add(itemDifferences);
  for (const book of pass.sides.unequal)
    add(await unlessDamaged(book, () => sideFindings(store, book, () => mustHaveTime(limit, pass))));
  let sums: readonly AssetSums[] = [];
  add(
    await unlessDamaged('sums', async () => {
      sums = new LedgerSums(pass.totals.values()).sums;
      return [];
    }),
  );
  return {
    streams: pass.streams,
    commits: pass.commits,
    accounts: pass.totals.size,
    differences: found.length,
    findings: found.slice(0, findingsMax),
    unsettled,
    sums,
  };
}

/** What every account holds by its streams alone, of a store at rest. */
export async function totalsOfAccounts(store: EventStore): Promise<ReadonlyMap<string, AccountTotals>> {
  const { totals } = await run({ store, limit: undefined, isWanted: () => true });
  return totals;
}

/** What is left of suspicions once each suspect was read between two looks at its items that agree. */
async function settled(
  store: EventStore,
  suspects: Suspects,
  limit: TimeLimit | undefined,
): Promise<{ readonly findings: readonly Finding[]; readonly unsettled: readonly string[] }> {
  const findings: Finding[] = [];
  let before = suspects;
  for (let pass = 2; before.size > 0 && pass <= passesMax; pass += 1) {
    const looked = before;
    const again = await run({ store, limit, isWanted: (accountId) => looked.has(accountId) });
    const after = await suspectsOf(store, again, limit);
    const open = new Map<string, Suspect>();
    for (const [accountId, suspect] of after) {
      if (isSame(looked.get(accountId)?.items, suspect.items)) findings.push(...suspect.findings);
      else open.set(accountId, suspect);
    }
    before = open;
  }
  return { findings, unsettled: [...before.keys()] };
}

interface Pass {
  readonly streams: number;
  readonly commits: number;
  readonly totals: ReadonlyMap<string, AccountTotals>;
  readonly sides: TradeSides;
}

interface Assignment {
  readonly store: EventStore;
  readonly limit: TimeLimit | undefined;
  readonly isWanted: (accountId: string) => boolean;
  /** Of the streams themselves; those of a stream that goes on while it is read are the same. */
  readonly onFound?: (findings: readonly Finding[]) => void;
}

async function run({ store, limit, isWanted, onFound }: Assignment): Promise<Pass> {
  const totals = new Map<string, AccountTotals>();
  const ignored = new AccountTotals('');
  const totalsOf = (accountId: string) => {
    if (!isWanted(accountId)) return ignored;
    const known = totals.get(accountId) ?? new AccountTotals(accountId);
    totals.set(accountId, known);
    return known;
  };
  const sides = new TradeSides();
  let [streams, commits] = [0, 0];
  for await (const { head, commits: allOf } of everyStream(store)) {
    const { stream, version } = head;
    const audited = await unlessDamaged(stream, async () => {
      const read = await allOf();
      commits += read.length;
      return [...missing(stream, read, version), ...findingsOf(stream, read, { totalsOf, sides })];
    });
    onFound?.(audited);
    streams += 1;
    if (streams % streamsPerTurn === 0) await new Promise(setImmediate);
    mustHaveTime(limit, { streams });
  }
  return { streams, commits, totals, sides };
}

/** Asked after everything that takes a read, and so overdrawn by one of them at most. */
function mustHaveTime(limit: TimeLimit | undefined, { streams }: Pick<Pass, 'streams'>): void {
  if (limit && remainingMs(limit.deadline, limit.clock) === 0)
    throw new DeadlineExceeded(`${streams} streams were read when the time was up`);
}

/** What cannot be read, or holds what the rules make impossible, ends its own audit and no other. */
async function unlessDamaged(
  where: string,
  audit: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await audit();
  } catch (error) {
    if (!isDamage(error)) throw error;
    const found = `${error.name}: ${error.message}`;
    return [{ where, what: 'audit', expected: 'what can be read and added up', found }];
  }
}

function missing(stream: string, { length }: readonly unknown[], version: number): readonly Finding[] {
  if (length >= version) return [];
  return [{ where: stream, what: 'versions', expected: `1 to ${version}`, found: `${length} of them` }];
}

/** What streams add up to together. */
interface Tallies {
  readonly totalsOf: (accountId: string) => AccountTotals;
  readonly sides: TradeSides;
}

function findingsOf(
  stream: string,
  commits: Parameters<typeof auditOther>[1],
  { totalsOf, sides }: Tallies,
): readonly Finding[] {
  switch (kindOf(stream)) {
    case 'order': {
      const audited = auditOrder(stream, commits);
      sides.heard(sidesOf(audited));
      return [...audited.findings, ...tallyOrder(stream, audited, totalsOf)];
    }
    case 'transfer': {
      const audited = auditTransfer(stream, commits);
      return [...audited.findings, ...tallyTransfer(stream, audited, totalsOf)];
    }
    case 'account': {
      const audited = auditAccount(stream, commits);
      return [...audited.findings, ...tallyAccount(stream, audited, totalsOf)];
    }
    case 'book':
      return auditBook(stream, commits, sides);
    default:
      return auditOther(stream, commits);
  }
}

function sidesOf({ state, events }: ReturnType<typeof auditOrder>): ReturnType<typeof sidesHeard> {
  return state.kind === 'order'
    ? sidesHeard(
        state,
        events.map(({ event }) => event),
      )
    : [];
}

interface Suspect {
  readonly items: ReadonlyMap<string, Item>;
  readonly findings: readonly Finding[];
}

type Suspects = ReadonlyMap<string, Suspect>;

async function suspectsOf(store: EventStore, pass: Pass, limit: TimeLimit | undefined): Promise<Suspects> {
  const suspects = new Map<string, Suspect>();
  for (const [accountId, total] of pass.totals) {
    let items: ReadonlyMap<string, Item> = new Map();
    const findings = await unlessDamaged(accountId, async () => {
      items = await store.readItems(accountId, unhurried);
      return itemFindings(total, items);
    });
    if (findings.length > 0) suspects.set(accountId, { items, findings });
    mustHaveTime(limit, pass);
  }
  return suspects;
}

function isSame(before: ReadonlyMap<string, Item> | undefined, after: ReadonlyMap<string, Item>): boolean {
  return before !== undefined && JSON.stringify([...before]) === JSON.stringify([...after]);
}
