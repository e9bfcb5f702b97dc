import { accountItem, cashAttributes, positionItem } from '../account/holdings.ts';
import type { Item, ItemChange, ItemKey } from '../account/items.ts';
import type { Entry, Posting } from '../account/posting.ts';
import type { Effects } from '../decider.ts';
import type { AccountId } from '../values/ids.ts';
import type { Observed, TransferCommand } from './commands.ts';
import { guardsOfCancel, guardsOfCompletion, guardsOfRequest } from './decide.ts';
import type { TransferEvent } from './events.ts';
import { conditionsOn, type Guard, type Subject } from './guards.ts';
import type { TransferState } from './state.ts';

type Guards = readonly Guard[];

/** Every transfer asks the account item, which carries status and epoch; shares move in the position item. */
export function effects(
  command: TransferCommand,
  before: TransferState,
  events: readonly TransferEvent[],
): Effects<TransferEvent> {
  const subject = subjectOf(before, events);
  const postings = events.flatMap(({ data }) => ('posting' in data && data.posting ? [data.posting] : []));
  const moves = events.some(({ type }) => type !== 'TransferChangeRefused' && type !== 'TransferDenied');
  if (!subject || !moves) return { changes: [], beginnings: [] };
  const guards = guardsOf(command, subject, events);
  const account = accountChange(subject, guards, postings);
  const position = positionChange(subject, { guards, postings, observed: command.observed });
  return { changes: position ? [account, position] : [account], beginnings: [] };
}

function subjectOf(
  before: TransferState,
  events: readonly TransferEvent[],
): (Subject & { readonly accountId: AccountId }) | undefined {
  if (before.kind === 'transfer') return before;
  const [first] = events;
  return first?.type === 'TransferRequested' ? first.data : undefined;
}

function guardsOf(
  { do: what, observed }: TransferCommand,
  subject: Subject,
  events: readonly TransferEvent[],
): Guards {
  if (what === 'request') return guardsOfRequest(subject, observed);
  const canceled = events.some(({ type }) => type === 'TransferCanceled');
  return canceled ? guardsOfCancel(subject) : guardsOfCompletion(subject, observed);
}

function accountChange(
  { accountId, asset }: Subject & { readonly accountId: AccountId },
  guards: Guards,
  postings: readonly Posting[],
): ItemChange {
  const key = accountItem(accountId);
  const conditions = conditionsOn('account', guards);
  if (asset.kind === 'shares') return { key, conditions, must: 'exist' };
  const { available, held, shortfall } = cashAttributes(asset.currency);
  const total = (name: keyof Entry) => sum(postings.map(({ cash }) => cash?.[name]));
  const add = nonZero({
    [available]: total('available'),
    [held]: total('held'),
    [shortfall]: total('shortfall'),
  });
  return { key, conditions, add, must: 'exist' };
}

interface Move {
  readonly guards: Guards;
  readonly postings: readonly Posting[];
  readonly observed: Observed | undefined;
}

function positionChange(
  { accountId, asset }: Subject & { readonly accountId: AccountId },
  { guards, postings, observed }: Move,
): ItemChange | undefined {
  if (asset.kind === 'cash') return undefined;
  const total = (name: keyof Entry) => sum(postings.map(({ shares }) => shares?.[name]));
  const add = nonZero({
    available: total('available'),
    held: total('held'),
    shortfall: total('shortfall'),
    exposure: sum(postings.map(({ exposure }) => exposure)),
  });
  if (Object.keys(add).length === 0) return undefined;
  const key = positionItem(accountId, asset.contract.symbol);
  if (observed?.position === 'missing') return { key, conditions: [], add, must: 'be-absent' };
  return { key, conditions: conditionsOn('position', guards), add };
}

function sum(amounts: readonly (number | undefined)[]): number {
  return amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0);
}

function nonZero(amounts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(amounts).filter(([, value]) => value !== 0));
}

/** The command, knowing what the items held that refused the write; what was learnt before still counts. */
export function observe(
  command: TransferCommand,
  refusals: readonly { readonly key: ItemKey; readonly item: Item | undefined }[],
): TransferCommand {
  let observed: Observed = command.observed ?? {};
  for (const { key, item } of refusals) {
    const found = item ?? 'missing';
    observed = key.name === 'account' ? { ...observed, account: found } : { ...observed, position: found };
  }
  return { ...command, observed };
}
