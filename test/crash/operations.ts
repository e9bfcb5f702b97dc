import { randomInt, randomUUID } from 'node:crypto';
import type { Trader } from '../bench/orders/load.ts';
import type { Answer } from './call.ts';
import type { Holder, Memory, Operation, OrderBody, RememberedOrder } from './memory.ts';

const prices = { BRVO: 2_540, CHRL: 4_800, ECHO: 1_230, HOTL: 980 } as const;
const symbols = ['BRVO', 'CHRL', 'ECHO', 'HOTL'] as const;

export function placing(memory: Memory, holder: Holder): Operation {
  const symbol = symbols[randomInt(symbols.length)] ?? 'BRVO';
  const priceCents = prices[symbol] - randomInt(50);
  const body: OrderBody = {
    symbol,
    qty: String(1 + randomInt(9)),
    side: 'buy',
    type: 'limit',
    // As the cell writes it, so that texts can be compared.
    limit_price: String(priceCents / 100),
    time_in_force: 'gtc',
    client_order_id: `crash-${randomUUID()}`,
  };
  return {
    call: { method: 'POST', path: '/v2/orders', as: holder.trader, body },
    settle(answer) {
      if (!isOk(memory, answer, `order ${body.client_order_id}`)) return;
      const id = String(answer.body['id']);
      const known = { asked: 0, filled: 0, cancelAcknowledged: false, cancelConfirmed: false };
      memory.placed({ holder, body, id, priceCents, ...known });
    },
  };
}

export function canceling(memory: Memory, order: RememberedOrder): Operation {
  return {
    call: {
      method: 'DELETE',
      path: `/v2/orders/${order.id}`,
      as: order.holder.trader,
      key: `cancel-${randomUUID()}`,
    },
    settle(answer) {
      // 422: filled or canceled meanwhile.
      if (answer.status === 422) return;
      if (!isOk(memory, answer, `cancel of ${order.id}`)) return;
      order.cancelAcknowledged = true;
      memory.touched.add(order);
      memory.cancels += 1;
    },
  };
}

/** The venue's connector confirms a cancel that it may have been asked for. */
export function confirming(memory: Memory, order: RememberedOrder, connector: Trader): Operation {
  return {
    call: {
      method: 'POST',
      path: `/v1/orders/${order.id}/reports`,
      as: connector,
      key: `confirm-${randomUUID()}`,
      body: { report: 'confirm-cancel' },
    },
    settle(answer) {
      // 4xx: it was filled before, so there was nothing left to cancel.
      memory.touched.add(order);
      if (answer.status < 300) order.cancelConfirmed = true;
      else if (answer.status !== 422) memory.violated(`confirm of ${order.id}: ${shown(answer)}`);
    },
  };
}

export function executing(memory: Memory, order: RememberedOrder, connector: Trader): Operation | undefined {
  const left = Number(order.body.qty) - order.asked;
  if (left <= 0) return undefined;
  const lots = 1 + randomInt(left);
  order.asked += lots;
  const executionId = `E-${randomUUID()}`;
  return {
    call: {
      method: 'POST',
      path: `/v1/orders/${order.id}/executions`,
      as: connector,
      key: executionId,
      body: { execution_id: executionId, qty: String(lots), price: order.body.limit_price },
    },
    settle(answer) {
      if (!isOk(memory, answer, `execution of ${order.id}`)) return;
      order.filled += lots;
      memory.touched.add(order);
      memory.executions += 1;
    },
  };
}

/** Mostly in. What goes out is always covered: a hundredth of what an account began with. */
export function transferring(memory: Memory, holder: Holder, operator: Trader): Operation {
  const isOut = randomInt(4) === 0;
  const cents = 100 + randomInt(100_000);
  const amount = (cents / 100).toFixed(2);
  return {
    call: {
      method: 'POST',
      path: `/v1/accounts/${holder.accountId}/transfers`,
      as: operator,
      key: `transfer-${randomUUID()}`,
      body: { direction: isOut ? 'OUTGOING' : 'INCOMING', amount },
    },
    settle(answer) {
      if (!isOk(memory, answer, `transfer of ${holder.accountId}`)) return;
      holder.transferred += isOut ? -cents : cents;
      memory.transfers.push({ holder, id: String(answer.body['id']), amount });
    },
  };
}

/** Nothing these clients ask for may be refused: there is cash enough, and every id is their own. */
function isOk(memory: Memory, answer: Answer, what: string): boolean {
  const ok = answer.status >= 200 && answer.status < 300;
  if (!ok) memory.violated(`${what} was refused: ${shown(answer)}`);
  return ok;
}

function shown({ status, body }: Answer): string {
  return `${status} ${JSON.stringify(body).slice(0, 300)}`;
}
