import type { AccountEvent } from '../../../domain/account/events.ts';
import type { Item } from '../../../domain/account/items.ts';
import type { OrderEvent, VenuePosition } from '../../../domain/order/events.ts';
import type { TransferEvent } from '../../../domain/transfer/events.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { demand } from '../law.ts';
import type { Tally } from '../tally.ts';
import { AccountModel } from './account-model.ts';
import { type Answer, Answers } from './answers.ts';
import { Books } from './books.ts';
import { DoorLaws } from './door-laws.ts';
import { type Posting, demandBalance } from './ledger.ts';
import { Log } from './log.ts';
import { OrderModel } from './order-model.ts';
import { checkOrder, demandReleasedOnce, demandWithinPrice, type Limits } from './order-laws.ts';
import { Replay } from './replay.ts';
import { Reports } from './reports.ts';
import { KillSwitches } from './switches.ts';
import { TransferModel } from './transfer-model.ts';

/**
 * Reads the log commit by commit and demands after each what must always hold. Keeps its own, slow model: of the code under
 * test it uses the types, and the fold only to show that replaying gives what was answered.
 */
export class Auditor {
  readonly log = new Log();
  readonly replay = new Replay();
  readonly reports = new Reports();
  readonly accounts = new Map<string, AccountModel>();
  readonly orders = new Map<string, OrderModel>();
  readonly switches = new KillSwitches();
  readonly books: Books;
  readonly door = new DoorLaws(this.log);
  readonly #transfers = new Map<string, TransferModel>();
  readonly #answers = new Answers(this.log, this.replay);
  readonly #executions = new Set<string>();
  /** Outside ids that replaces of this step introduce, with their orders. */
  readonly #aliases = new Map<string, string>();
  readonly #limits: Limits;
  readonly #tally: Tally;

  constructor(limits: Limits, tally: Tally) {
    this.#tally = tally;
    this.books = new Books(this.orders, tally);
    this.#limits = limits;
  }

  /** Takes in the next commit of the log, after which `itemsOf` says what each account's items are now. */
  next(commit: Commit): void {
    this.log.add(commit);
    this.replay.next(commit);
    const where = `${commit.stream}@${commit.version}`;
    for (const { data } of commit.events) demandBalance(postingOf(data), where);
    if (commit.stream.startsWith('venue-')) this.reports.learn(commit);
    if (commit.stream.startsWith('book-')) this.reports.learnTold(this.books.learn(commit));
    if (commit.stream.startsWith('killswitch-')) this.switches.learn(commit);
    if (commit.stream.startsWith('order-')) this.#orderCommit(commit);
    if (commit.stream.startsWith('transfer-')) this.#transferCommit(commit);
    if (commit.stream.startsWith('account-')) this.#accountCommit(commit);
  }

  /** Once everything that was written as one has been read. */
  checkTogether(): void {
    for (const [alias, orderId] of this.#aliases) {
      const begun = this.log.at(`order-${alias}`, 1)?.events[0];
      const pointsTo = begun?.type === 'OrderAliased' ? begun.data['orderId'] : undefined;
      demand(
        pointsTo === orderId,
        'an outside id leads to its order',
        () => `${alias} to ${String(pointsTo)}, not ${orderId}`,
      );
    }
    this.#aliases.clear();
  }

  checkItems(account: string, items: ReadonlyMap<string, Item>): void {
    const model = this.accounts.get(account);
    if (model) model.check(items);
    else
      demand(items.size === 0, 'items equal the totals of the entries', () => `${account} was never opened`);
  }

  checkAnswer(answer: Answer): void {
    this.#answers.check(answer);
  }

  checkReportAnswer(answer: Answer, position: VenuePosition): void {
    this.#answers.check(answer);
    demand(
      this.reports.isApplied(answer.stream.slice('order-'.length), position),
      'no report is lost',
      () => `${answer.stream} ${JSON.stringify(position)}`,
    );
  }

  /** Once nothing more is on its way. */
  checkEnd(): void {
    this.reports.demandAllApplied();
    this.door.checkEnd();
    for (const [stream, commits] of this.log.streams)
      demand(this.replay.isSameAfresh(stream, commits), 'replay gives the same state', () => stream);
    for (const order of this.orders.values()) this.#check(order, 'at the end');
  }

  #orderCommit(commit: Commit): void {
    const orderId = commit.stream.slice('order-'.length);
    const wasOpen = this.orders.get(orderId)?.isOpen ?? false;
    for (const event of commit.events as unknown as readonly OrderEvent[])
      this.#orderEvent(orderId, event, commit);
    const order = this.orders.get(orderId);
    if (!order) return;
    const account = this.#account(order.placed.accountId);
    account.openOrders += Number(order.isOpen) - Number(wasOpen);
    if (account.owesCash) this.#tally.count('account: owes cash');
    if (account.owesShares) this.#tally.count('account: owes shares');
    if (order.isOverfilledNow) this.#tally.count('account: overfilled');
    if (order.isOverfilledNow) account.isReduceOnly = true;
    if (order.isOverfilledNow || commit.events.some(({ data }) => fallsShort(postingOf(data))))
      account.restrictions += 1;
    order.isOverfilledNow = false;
    this.door.learn(commit, order);
    this.#check(order, `${commit.stream}@${commit.version}`);
    this.#limits.demandWithin(commit, order, account);
  }

  #orderEvent(orderId: string, event: OrderEvent, commit: Commit): void {
    if (event.type === 'OrderPlaced') this.orders.set(orderId, new OrderModel(event.data));
    const order = this.orders.get(orderId);
    const posting = postingOf(event.data);
    if (!order) {
      demand(Object.keys(posting).length === 0, 'a refusal moves nothing', () => `${orderId}: ${event.type}`);
      return;
    }
    if (event.type === 'OrderExecuted' || event.type === 'ExecutionCorrected')
      this.#countOnce(event.data.executionId);
    if (event.type === 'ReplaceRequested') this.#aliases.set(event.data.replacementId, orderId);
    this.#demandUndone(order, event, commit);
    this.#ownBook(order, event, commit);
    order.apply(event);
    this.#released(order, event, commit);
    order.post(posting);
    const { contract, accountId } = order.placed;
    const account = this.#account(accountId);
    account.post(posting, contract.currency, contract.symbol);
    if ('dayNotional' in event.data)
      account.countDay(contract.currency, event.data.day, event.data.dayNotional);
    const position = 'position' in event.data ? event.data.position : undefined;
    if (position) this.reports.apply(orderId, position, event);
    else
      demand(
        commit.actor.kind !== 'venue' || event !== commit.events[0],
        'reports carry their position',
        () => `${orderId}: ${event.type}`,
      );
  }

  /** Only what is unknown may be disputed. */
  #demandUndone(order: OrderModel, event: OrderEvent, { stream, version }: Commit): void {
    if (event.type !== 'ReportDisputed' || event.data.reason !== 'execution_unknown') return;
    const named = this.reports.undoneBy(order.placed.orderId, event.data.position);
    demand(
      named === undefined || !order.live.has(named),
      'what was done can be undone',
      () => `${stream}@${version} does not know ${named}`,
    );
  }

  /** What other venues may do to us, our own does not. */
  #ownBook(order: OrderModel, event: OrderEvent, { stream, version }: Commit): void {
    const position = 'position' in event.data ? event.data.position : undefined;
    if (!position?.stream.startsWith('book-')) return;
    const where = `${stream}@${version}`;
    if (event.type === 'OrderExecuted') demandWithinPrice(order, event.data.lastPrice, where);
    demand(
      event.type !== 'ReportDisputed',
      'our own book never contradicts an order',
      () => `${where}: ${JSON.stringify(event.data)}`,
    );
  }

  #released(order: OrderModel, event: OrderEvent, { stream, version }: Commit): void {
    const { link } = order.placed;
    if (event.type !== 'OrderReleased' || link?.role !== 'exit' || !('entry' in link)) return;
    if (event.data.terms === undefined) return;
    demandReleasedOnce(order, this.orders.get(link.entry), `${stream}@${version}`);
    this.#tally.count('linked: exit released');
  }

  #countOnce(id: string): void {
    demand(!this.#executions.has(id), 'every execution counts once', () => id);
    this.#executions.add(id);
  }

  #check(order: OrderModel, where: string): void {
    checkOrder(order, this.replay.order(`order-${order.placed.orderId}`), where);
  }

  #transferCommit(commit: Commit): void {
    const transfer = this.#transfers.get(commit.stream) ?? new TransferModel();
    this.#transfers.set(commit.stream, transfer);
    for (const event of commit.events as unknown as readonly TransferEvent[]) {
      const posting = postingOf(event.data);
      transfer.apply(event, posting);
      const { subject } = transfer;
      if (subject) this.#account(subject.account).post(posting, subject.currency, subject.symbol);
    }
    transfer.check(commit.stream);
  }

  #accountCommit(commit: Commit): void {
    for (const event of commit.events as unknown as readonly AccountEvent[]) {
      if (event.type === 'AccountOpened')
        this.accounts.set(event.data.accountId, new AccountModel(event.data.accountId));
      const account = this.#account(commit.stream.slice('account-'.length));
      if (event.type === 'AccountHalted') account.status = 'halted';
      if (event.type === 'HaltLifted') account.status = 'active';
      if (event.type === 'AccountClosed') account.status = 'closed';
      if (event.type !== 'RestrictionLifted') continue;
      for (const repaid of event.data.repaid ?? []) {
        demandBalance(repaid.posting, commit.stream);
        if (repaid.kind === 'cash') account.post(repaid.posting, repaid.currency, undefined);
        else account.post(repaid.posting, undefined, repaid.symbol);
        this.#tally.count(`account: repays ${repaid.kind}`);
      }
      demand(
        !account.owesCash && !account.owesShares,
        'who owes may only reduce',
        () => `${commit.stream}@${commit.version} lifts it`,
      );
      account.isReduceOnly = false;
    }
  }

  #account(id: string): AccountModel {
    const account = this.accounts.get(id);
    demand(account !== undefined, 'an account is opened first', () => id);
    return account;
  }
}

function fallsShort({ cash, shares }: Posting): boolean {
  return (cash?.shortfall ?? 0) < 0 || (shares?.shortfall ?? 0) < 0;
}

function postingOf(data: object): Posting {
  const holder: { readonly posting?: Posting } = data;
  return holder.posting ?? {};
}
