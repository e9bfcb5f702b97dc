import type { VenueReport } from '../../domain/order/commands.ts';
import { type OrderId, executionId } from '../../domain/values/ids.ts';
import { price } from '../../domain/values/price.ts';
import { quantity } from '../../domain/values/quantity.ts';
import type { VenueInstruction } from '../../domain/venue/instructions.ts';
import type { Known, MassCancel, ReportFromVenue, Sent, Venue } from '../../platform/venue/port.ts';

/** What goes wrong, from 0 (never) to 1 (always). */
export interface Unreliability {
  /** A message, or its answer, does not arrive. */
  readonly lost: number;
  readonly repeated: number;
  readonly late: number;
}

/**
 * A venue that keeps its own books in order and its connection in none: it may get a message and not say so, or not get it; it reports
 * late, twice, never, and out of order. What it did is the truth all the same, and it answers questions by it.
 */
export class UnreliableVenue implements Venue {
  readonly venueId = 'WILD';
  /** What it reported, by order: the truth. */
  readonly said = new Map<OrderId, ReportFromVenue[]>();
  readonly #open = new Map<OrderId, { left: number; limit: number }>();
  readonly #done = new Set<string>();
  readonly #underWay: ReportFromVenue[] = [];
  readonly #chance: () => number;
  #weather: Unreliability;
  #reports = 0;

  constructor(chance: () => number, weather: Unreliability) {
    this.#chance = chance;
    this.#weather = weather;
  }

  calm(): void {
    this.#weather = { lost: 0, repeated: 0, late: 0 };
  }

  get openOrders(): readonly OrderId[] {
    return [...this.#open.keys()];
  }

  async send(instructions: readonly VenueInstruction[]): Promise<Sent> {
    if (this.#happens('lost')) return 'unknown';
    for (const instruction of instructions) this.#act(instruction);
    return this.#happens('lost') ? 'unknown' : 'taken';
  }

  async massCancel({ reason }: MassCancel): Promise<Sent> {
    for (const orderId of this.openOrders) this.#end(orderId, { report: 'cancel', reason });
    return 'taken';
  }

  async query(orderId: OrderId): Promise<Known> {
    if (this.#happens('lost')) return { knows: 'unknown' };
    const reports = this.said.get(orderId);
    return reports ? { knows: 'order', reports } : { knows: 'nothing' };
  }

  /** Somebody trades with an open order. */
  fill(orderId: OrderId, lots: number): void {
    const order = this.#open.get(orderId);
    if (!order) return;
    const lastQuantity = quantity(Math.min(lots, order.left));
    order.left -= lastQuantity;
    this.#reports += 1;
    const id = executionId(`W-${this.#reports}`);
    this.#say(orderId, { report: 'execute', executionId: id, lastQuantity, lastPrice: price(order.limit) });
    if (order.left === 0) this.#open.delete(orderId);
  }

  /** What arrives now of what was said: some of it, in any order, perhaps twice. */
  arrivals(): readonly ReportFromVenue[] {
    const arrived: ReportFromVenue[] = [];
    for (const report of this.#underWay.splice(0)) {
      if (this.#happens('lost')) continue;
      if (this.#happens('late')) this.#underWay.push(report);
      else arrived.push(report);
      if (this.#happens('repeated')) this.#underWay.push(report);
    }
    return arrived.toSorted(() => this.#chance() - 0.5);
  }

  #act(instruction: VenueInstruction): void {
    const { orderId } = instruction;
    const request = instruction.instruct === 'new' ? '' : instruction.requestId;
    const name = `${instruction.instruct} ${orderId} ${request}`;
    if (this.#done.has(name)) return;
    this.#done.add(name);
    if (instruction.instruct === 'new') {
      const { orderQuantity, limitPrice = price(0) } = instruction.terms;
      this.#open.set(orderId, { left: orderQuantity, limit: limitPrice });
      this.#say(orderId, { report: 'accept', venueOrderId: `W-${orderId}` });
    } else if (instruction.instruct === 'cancel' && this.#open.has(orderId)) {
      this.#end(orderId, { report: 'confirm-cancel' });
    } else if (instruction.instruct === 'cancel') {
      this.#say(orderId, { report: 'reject-cancel', text: 'too late' });
    } else {
      this.#say(orderId, { report: 'reject-replace', text: 'not here' });
    }
  }

  #end(orderId: OrderId, report: VenueReport): void {
    this.#open.delete(orderId);
    this.#say(orderId, report);
  }

  #say(orderId: OrderId, report: VenueReport): void {
    this.#reports += 1;
    const said = { orderId, reportId: `R-${this.#reports}`, report };
    this.said.set(orderId, [...(this.said.get(orderId) ?? []), said]);
    this.#underWay.push(said);
  }

  #happens(what: keyof Unreliability): boolean {
    return this.#chance() < this.#weather[what];
  }
}
