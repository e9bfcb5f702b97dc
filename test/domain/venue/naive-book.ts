import type { NewOrder, ReplaceOrder } from '../../../domain/venue/new-order.ts';
import type { ReportReason } from '../../../domain/venue/report.ts';
import type { Command, Tested } from './commands.ts';
import { reportLine } from './commands.ts';
import { naiveAuctionPrice } from './naive-auction-price.ts';
import { NaiveMarket } from './naive-market.ts';
import type { NaiveOrder } from './naive-order.ts';
import { account, immediate, ownLimit, report, showable, side, stopType } from './naive-order.ts';
import { naivePrice, naiveQuantity, naiveTerms, naiveTrail } from './naive-validation.ts';

/**
 * The book again, as plainly as it can be said: one array of orders, sorted anew for every question; trades followed one
 * by one; an order that needs a minimum is tried out on a copy of the whole book. Slow, and the oracle of the fast one.
 */
export class NaiveBook extends NaiveMarket implements Tested {
  run(command: Command): readonly string[] {
    this.out = [];
    this.apply(command);
    this.trigger();
    return this.out.map(reportLine);
  }

  private apply(command: Command): void {
    switch (command.do) {
      case 'place':
        return this.place(command.order);
      case 'cancel':
        return this.withOrder(command.orderId, 'cancel_rejected', (order) =>
          this.close(order, 'canceled', 'requested'),
        );
      case 'replace':
        return this.withOrder(command.change.orderId, 'replace_rejected', (o) =>
          this.replace(o, command.change),
        );
      case 'reinsert':
        return this.withOrder(command.orderId, 'replace_rejected', (o) => this.reinsert(o, command));
      case 'cancelAll':
        return this.closeAll('canceled', 'requested', (order) => account(order) === command.account);
      case 'beginCall':
        return this.beginCall(command.phase);
      case 'endCall':
        return this.phase.endsWith('_call') && !this.halted
          ? this.endCall(command.referencePrice)
          : undefined;
      case 'endDay':
        return this.endDay();
      case 'expire':
        return this.closeAll(
          'expired',
          'date_reached',
          ({ asked }) => (asked.expireAt ?? Infinity) <= command.now,
        );
      case 'halt':
      case 'resume':
        this.halted = command.do === 'halt';
    }
  }

  private place(asked: NewOrder): void {
    const reason = this.refuse(asked);
    if (reason !== undefined) {
      this.out.push(report('rejected', asked.orderId, { side: asked.side, reason }));
      return;
    }
    const arrival = ++this.arrivals;
    const { quantity, limitPrice } = asked;
    const best = this.lastPrice ?? (asked.side === 'sell' ? 0 : 549_755_813_887);
    const order: NaiveOrder = {
      asked,
      total: quantity,
      leaves: quantity,
      shown: 0,
      limit: limitPrice,
      stop: asked.stopPrice ?? 0,
      best,
      arrival,
      turn: 0,
      at: 'book',
    };
    this.orders.push(order);
    const leavesQuantity = quantity;
    this.out.push(
      report('accepted', asked.orderId, { side: asked.side, price: limitPrice, quantity, leavesQuantity }),
    );
    this.enter(order, stopType(asked));
  }

  private refuse(asked: NewOrder): ReportReason | undefined {
    if (this.orders.some((order) => order.asked.orderId === asked.orderId)) return 'duplicate_order';
    if (this.halted) return 'halted';
    if (immediate(asked) && this.phase !== 'continuous') return 'not_continuous';
    if (asked.timeInForce === 'opg' && ['continuous', 'closing_call'].includes(this.phase))
      return 'opening_over';
    const bad =
      naiveQuantity(asked.quantity, this.grid) ??
      naivePrice(asked.limitPrice, this.grid) ??
      naiveTerms(asked, this.grid);
    if (bad !== undefined) return bad;
    return asked.postOnly === true && this.crosses(asked.side, asked.limitPrice) ? 'would_trade' : undefined;
  }

  private replace(order: NaiveOrder, change: ReplaceOrder): void {
    const { quantity = order.total, limitPrice = order.limit, stopPrice = order.stop } = change;
    const reason = this.refuseReplace(order, change, { quantity, limitPrice });
    if (reason !== undefined) {
      this.out.push(report('replace_rejected', order.asked.orderId, { side: side(order), reason }));
      return;
    }
    const leaves = Math.max(0, quantity - (order.total - order.leaves));
    const same = limitPrice === order.limit && stopPrice === order.stop && change.trail === undefined;
    const keeps = same && leaves > 0 && leaves <= order.leaves;
    order.total += leaves - order.leaves;
    order.leaves = leaves;
    order.limit = limitPrice;
    order.stop = stopPrice;
    order.shown = Math.min(order.shown, leaves);
    if (change.trail !== undefined) order.asked = { ...order.asked, trail: change.trail };
    this.reportReplaced(order);
    if (leaves === 0) this.forget(order);
    else if (!keeps) this.again(order);
  }

  private refuseReplace(
    order: NaiveOrder,
    { stopPrice, trail }: ReplaceOrder,
    { quantity, limitPrice }: { quantity: number; limitPrice: number },
  ): ReportReason | undefined {
    if (this.halted) return 'halted';
    const bad = naiveQuantity(quantity, this.grid) ?? naivePrice(limitPrice, this.grid);
    if (bad !== undefined) return bad;
    const trails = order.asked.orderType === 'trailing_stop';
    if (order.at !== 'stops' && (stopPrice ?? trail) !== undefined) return 'terms_conflict';
    if (stopPrice !== undefined && trails) return 'terms_conflict';
    if (trail !== undefined && !trails) return 'terms_conflict';
    const trigger = trail === undefined ? naivePrice(stopPrice ?? 0, this.grid) : naiveTrail(trail);
    if (trigger !== undefined) return trigger;
    const moved = order.asked.postOnly === true && limitPrice !== order.limit;
    return moved && this.crosses(side(order), limitPrice) ? 'would_trade' : undefined;
  }

  private reinsert(order: NaiveOrder, { quantity, price }: { quantity: number; price: number }): void {
    const reason = naiveQuantity(quantity, this.grid) ?? naivePrice(price, this.grid);
    if (reason !== undefined) {
      this.out.push(report('replace_rejected', order.asked.orderId, { side: side(order), reason }));
      return;
    }
    order.total += quantity - order.leaves;
    order.leaves = quantity;
    order.limit = price;
    this.reportReplaced(order);
    this.again(order);
  }

  private again(order: NaiveOrder): void {
    order.arrival = ++this.arrivals;
    this.enter(order, order.at === 'stops');
  }

  private reportReplaced(order: NaiveOrder): void {
    const { total: quantity, leaves: leavesQuantity, limit: price } = order;
    this.out.push(
      report('replaced', order.asked.orderId, { side: side(order), price, quantity, leavesQuantity }),
    );
  }

  private beginCall(phase: 'opening_call' | 'closing_call'): void {
    this.phase = phase;
    if (phase === 'opening_call') return;
    const aside = this.orders.filter(({ at }) => at === 'aside').sort((a, b) => a.turn - b.turn);
    for (const order of aside) this.rest(order);
  }

  private endCall(reference: number): void {
    const opening = this.phase === 'opening_call';
    for (
      let price = this.auctionPrice(reference);
      price !== undefined;
      price = this.auctionPrice(reference)
    ) {
      this.pairAt(price);
    }
    const over = (order: NaiveOrder): boolean =>
      order.asked.timeInForce === 'opg' || (order.at === 'book' && !ownLimit(order));
    this.closeAll('expired', 'auction_over', over);
    if (opening) this.phase = 'continuous';
    else this.endDay();
  }

  private auctionPrice(reference: number): number | undefined {
    return naiveAuctionPrice(this.queue('buy'), this.queue('sell'), {
      reference,
      step: this.grid.priceIncrement,
    });
  }

  private pairAt(price: number): void {
    for (;;) {
      const [bid] = this.queue('buy');
      const [ask] = this.queue('sell');
      if (bid === undefined || ask === undefined || bid.limit < price || ask.limit > price) return;
      const [late, early] = bid.arrival > ask.arrival ? [bid, ask] : [ask, bid];
      if (this.own(late, early)) {
        this.preventSelfTrade(late, early);
        continue;
      }
      const quantity = Math.min(bid.leaves, ask.leaves);
      for (const order of [bid, ask]) {
        order.leaves -= quantity;
        order.shown = showable(order);
        if (order.leaves === 0) this.forget(order);
      }
      this.note(price);
      const contra = { contraOrderId: ask.asked.orderId, contraLeavesQuantity: ask.leaves };
      this.out.push(
        report('auction_traded', bid.asked.orderId, {
          price,
          quantity,
          leavesQuantity: bid.leaves,
          ...contra,
        }),
      );
    }
  }

  private endDay(): void {
    this.phase = 'closed';
    this.closeAll(
      'expired',
      'auction_over',
      ({ asked }) => asked.timeInForce === 'opg' || asked.timeInForce === 'cls',
    );
    this.closeAll('expired', 'day_over', ({ asked }) => asked.timeInForce === 'day');
  }

  private withOrder(
    orderId: number,
    kind: 'cancel_rejected' | 'replace_rejected',
    act: (o: NaiveOrder) => void,
  ): void {
    const order = this.orders.find(({ asked }) => asked.orderId === orderId);
    if (order === undefined) this.out.push(report(kind, orderId, { reason: 'unknown_order' }));
    else act(order);
  }
}
