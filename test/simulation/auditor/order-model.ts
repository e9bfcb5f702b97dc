import type { OrderEvent, OrderPlaced } from '../../../domain/order/events.ts';
import type { Terms } from '../../../domain/order/terms.ts';
import { demand } from '../law.ts';
import { feeFor, worthOf } from './arithmetic.ts';
import { Ledger, type Posting } from './ledger.ts';

interface Request {
  readonly kind: 'cancel' | 'replace';
  readonly id: string;
  readonly terms?: Terms;
  readonly isTakingOver?: boolean;
}

interface Fill {
  readonly lots: number;
  readonly ticks: number;
}

const goodTill: readonly string[] = ['gtc', 'gtd'];

/** One order as an auditor keeps it: every execution that stands, every entry that was posted, nothing worked out ahead. */
export class OrderModel {
  readonly placed: OrderPlaced['data'];
  terms: Terms;
  closed: string | undefined;
  pending: readonly Request[] = [];
  readonly live = new Map<string, Fill>();
  readonly cash = new Ledger();
  readonly shares = new Ledger();
  exposure = 0;
  /** It has nothing to trade before its entry is done. */
  isWaiting = false;
  /** It is a pair, and its stop loss has not taken over. */
  stopTerms: Terms | undefined;
  releases = 0;
  /** A kill switch has asked for it to be canceled. Its venue may have refused. */
  wasStopped = false;
  isSent = false;
  /** The most that was ever filled. */
  bought = 0;
  /** It had nothing more to come once, whatever was undone since. */
  wasClosed = false;
  /** Whether the latest event was a trade, and more is filled than was ordered after it. */
  isOverfilledNow = false;

  constructor(placed: OrderPlaced['data']) {
    this.placed = placed;
    this.terms = placed.terms;
    this.stopTerms = placed.stopLeg?.terms;
  }

  get lots(): number {
    return [...this.live.values()].reduce((sum, { lots }) => sum + lots, 0);
  }

  get ticksTimesLots(): number {
    return [...this.live.values()].reduce((sum, { lots, ticks }) => sum + lots * ticks, 0);
  }

  get leaves(): number {
    return this.closed === undefined ? Math.max(0, this.terms.orderQuantity - this.lots) : 0;
  }

  /** It was handed to its venue, or is to be at once. */
  get isAtVenue(): boolean {
    if (this.isWaiting) return false;
    return this.placed.phase === 'sent' || this.isSent;
  }

  get isOpen(): boolean {
    return this.closed === undefined || this.pending.length > 0;
  }

  get isCancelAsked(): boolean {
    return this.wasStopped || this.pending.some(({ kind }) => kind === 'cancel');
  }

  post(posting: Posting): void {
    this.cash.add(posting.cash);
    this.shares.add(posting.shares);
    this.exposure += posting.exposure ?? 0;
  }

  apply(event: OrderEvent): void {
    this.#happen(event);
    this.bought = Math.max(this.bought, this.lots);
    this.wasClosed ||= this.closed !== undefined;
    const isTrade = event.type === 'OrderExecuted' || event.type === 'ExecutionCorrected';
    this.isOverfilledNow = isTrade && this.lots > this.terms.orderQuantity;
  }

  #happen(event: OrderEvent): void {
    switch (event.type) {
      case 'OrderHeld':
        this.isWaiting = event.data.for === 'parent';
        return;
      case 'OrderReleased':
        this.isWaiting = false;
        this.releases += 1;
        this.isSent = event.data.phase !== 'received';
        this.terms = event.data.terms ?? this.terms;
        return;
      case 'StopLegReplaced':
        this.stopTerms = event.data.terms;
        return;
      case 'CancelRequested':
        this.pending = [...this.pending, { kind: 'cancel', id: event.data.requestId }];
        this.wasStopped ||= event.data.reason === 'kill_switch';
        return;
      case 'ReplaceRequested':
        this.#demandNone('replace');
        this.pending = [
          ...this.pending,
          {
            kind: 'replace',
            id: event.data.requestId,
            terms: event.data.terms,
            isTakingOver: event.data.leg === 'stop_loss',
          },
        ];
        return;
      case 'CancelRejected':
        return this.#answered('cancel', event.data.requestId);
      case 'ReplaceRejected':
        return this.#answered('replace', event.data.requestId);
      case 'OrderReplaced':
        return this.#replaced(event.data.requestId, event.data.terms);
      case 'OrderRestated':
        this.terms = event.data.terms;
        demand(
          this.terms.orderQuantity >= this.lots,
          'quantities agree',
          () => 'a restatement below what is filled',
        );
        return this.#fillState();
      case 'OrderExecuted':
        this.#execute(event.data.executionId, event.data.lastQuantity, event.data.lastPrice);
        return this.#fillState();
      case 'ExecutionBusted':
        this.#undo(event.data.executionId, event.data.lastQuantity, event.data.lastPrice);
        return this.#fillState();
      case 'ExecutionCorrected': {
        const { data } = event;
        this.#undo(data.replacesExecutionId, data.previousQuantity, data.previousPrice);
        this.#execute(data.executionId, data.lastQuantity, data.lastPrice);
        return this.#fillState();
      }
      case 'OrderDoneForDay':
        return goodTill.includes(this.terms.timeInForce) ? undefined : this.#close('done_for_day');
      case 'OrderRejected':
        return this.#close('rejected');
      case 'OrderCanceled':
        return this.#close('canceled');
      case 'OrderExpired':
        return this.#close('expired');
      case 'OrderCalculated':
        return this.#close('calculated');
      default:
        return undefined;
    }
  }

  #close(reason: string): void {
    this.closed = reason;
    this.pending = [];
  }

  #answered(kind: Request['kind'], id: string): void {
    this.pending = this.pending.filter((request) => request.kind !== kind || request.id !== id);
  }

  #demandNone(kind: Request['kind']): void {
    demand(
      !this.pending.some((request) => request.kind === kind),
      'one request of a kind',
      () => `a second ${kind} while one is pending`,
    );
  }

  #replaced(id: string, terms: Terms): void {
    const request = this.pending.find((pending) => pending.kind === 'replace' && pending.id === id);
    demand(request?.terms !== undefined, 'a replace was asked for', () => `${id} was not`);
    const lots = Math.max(request.terms.orderQuantity, this.lots);
    demand(
      terms.orderQuantity === lots,
      'quantities agree',
      () => `replaced to ${terms.orderQuantity}, not ${lots}`,
    );
    this.terms = terms;
    if (request.isTakingOver) this.stopTerms = undefined;
    this.pending = this.pending.filter((other) => other !== request);
    this.#fillState();
  }

  /** Filled closes; only what was closed by being filled opens again. */
  #fillState(): void {
    const isFilled = this.lots >= this.terms.orderQuantity;
    if (this.closed === undefined && isFilled) this.closed = 'filled';
    if (this.closed === 'filled' && !isFilled) this.closed = undefined;
  }

  #execute(id: string, lots: number, ticks: number): void {
    demand(!this.live.has(id), 'every execution counts once', () => `${id} counts already`);
    this.live.set(id, { lots, ticks });
  }

  #undo(id: string, lots: number, ticks: number): void {
    const fill = this.live.get(id);
    demand(
      fill?.lots === lots && fill.ticks === ticks,
      'what is undone was done',
      () => `${id}: ${lots} at ${ticks}, but it was ${JSON.stringify(fill)}`,
    );
    this.live.delete(id);
  }

  /** What was paid (buy) or received (sell, negative), before fees, and the fees, when so much is traded in all. */
  cost(lots: number, ticksTimesLots: number): { readonly trade: number; readonly fees: number } {
    const { contract, fees, side } = this.placed;
    const worth = worthOf(ticksTimesLots, contract);
    return {
      trade: side === 'buy' ? worth.up : -worth.down,
      fees: feeFor(lots, ticksTimesLots, fees, contract),
    };
  }
}
