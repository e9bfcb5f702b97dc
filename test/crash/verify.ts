import type { Trader } from '../bench/orders/load.ts';
import { forEach, mustAnswer } from './call.ts';
import type { Holder, Memory, RememberedOrder } from './memory.ts';

const atOnce = 12;
const listMax = 500;
/** As the demo's config has it. */
const feePpm = 100;

/** Every one of these orders is there under its client order id, as it was acknowledged. */
export async function verifyOrders(
  address: string,
  memory: Memory,
  orders: readonly RememberedOrder[],
): Promise<void> {
  await forEach(orders, atOnce, async (order) => {
    const name = order.body.client_order_id;
    const { status, body } = await mustAnswer(address, {
      method: 'GET',
      path: `/v2/orders:by_client_order_id?client_order_id=${name}`,
      as: order.holder.trader,
    });
    if (status !== 200) return memory.violated(`acknowledged order ${name} is gone: ${status}`);
    for (const difference of differences(order, body)) memory.violated(`order ${name}: ${difference}`);
  });
}

function differences(order: RememberedOrder, found: Readonly<Record<string, unknown>>): readonly string[] {
  const wanted: Record<string, unknown> = { ...order.body, id: order.id, filled_qty: String(order.filled) };
  const status = String(found['status']);
  const isFilled = order.filled === Number(order.body.qty);
  if (order.cancelConfirmed && !isFilled) wanted['status'] = 'canceled';
  const wrong = Object.entries(wanted)
    .filter(([name, value]) => found[name] !== value)
    .map(([name, value]) => `${name} is ${String(found[name])}, acknowledged was ${String(value)}`);
  const isUnasked = order.cancelAcknowledged && ['new', 'accepted', 'pending_new'].includes(status);
  return isUnasked ? [...wrong, `the acknowledged cancel left no trace: ${status}`] : wrong;
}

/** The account's list has every acknowledged order once and no other; its cash and shares are what its client was told. */
export async function verifyAccount(
  address: string,
  memory: Memory,
  holder: Holder,
  operator: Trader,
): Promise<void> {
  const own = [...memory.orders.values()].filter((order) => order.holder === holder);
  const listed = await listOrders(address, holder);
  const times = new Map<string, number>();
  for (const name of listed) times.set(name, (times.get(name) ?? 0) + 1);
  for (const [name, count] of times) {
    if (count > 1) memory.violated(`order ${name} is listed ${count} times`);
    if (!memory.orders.has(name)) memory.violated(`order ${name} is listed and was never acknowledged`);
  }
  for (const { body } of own)
    if (!times.has(body.client_order_id)) memory.violated(`order ${body.client_order_id} is not listed`);
  const account = await mustAnswer(address, {
    method: 'GET',
    path: `/v1/accounts/${holder.accountId}`,
    as: operator,
  });
  const expected = (holder.transferred - own.reduce((sum, order) => sum + costOf(order), 0)) / 100;
  if (Number(account.body['cash']) !== expected) {
    memory.violated(`${holder.accountId} has ${String(account.body['cash'])}, its client counts ${expected}`);
  }
  await verifyPositions(address, memory, holder, operator);
}

/** Fills and the fee of one basis point on all of them together, rounded up. */
function costOf({ filled, priceCents }: RememberedOrder): number {
  const traded = filled * priceCents;
  return traded + Math.ceil((traded * feePpm) / 1_000_000);
}

async function verifyPositions(
  address: string,
  memory: Memory,
  holder: Holder,
  operator: Trader,
): Promise<void> {
  const path = `/v1/accounts/${holder.accountId}/positions`;
  const { list } = await mustAnswer(address, { method: 'GET', path, as: operator });
  const found = new Map(list.map(({ symbol, qty }) => [String(symbol), Number(qty)]));
  const expected = new Map<string, number>();
  for (const { holder: owner, body, filled } of memory.orders.values())
    if (owner === holder) expected.set(body.symbol, (expected.get(body.symbol) ?? 0) + filled);
  for (const [symbol, lots] of expected) {
    const has = found.get(symbol) ?? 0;
    if (has !== lots) memory.violated(`${holder.accountId} has ${has} ${symbol}, its client counts ${lots}`);
  }
}

async function listOrders(address: string, holder: Holder): Promise<readonly string[]> {
  const names: string[] = [];
  let after = '';
  for (let page = 0; page < 1_000; page += 1) {
    const path = `/v2/orders?status=all&direction=asc&limit=${listMax}${after}`;
    const { list } = await mustAnswer(address, { method: 'GET', path, as: holder.trader });
    names.push(...list.map((order) => String(order['client_order_id'])));
    if (list.length < listMax) break;
    after = `&after=${encodeURIComponent(String(list.at(-1)?.['submitted_at']))}`;
  }
  return names;
}

export async function verifyTransfers(address: string, memory: Memory, operator: Trader): Promise<void> {
  await forEach(memory.transfers, atOnce, async ({ holder, id, amount }) => {
    const path = `/v1/accounts/${holder.accountId}/transfers/${id}`;
    const { status, body } = await mustAnswer(address, { method: 'GET', path, as: operator });
    if (status !== 200 || body['status'] !== 'COMPLETE' || body['amount'] !== amount)
      memory.violated(`transfer ${id} of ${amount} is ${status} ${JSON.stringify(body)}`);
  });
}
