import { formatPrice, formatQuantity } from '../../domain/instrument/instrument.ts';
import type {
  OrderType,
  RequestedChange,
  RequestedTerms,
  Side,
  TimeInForce,
} from '../../domain/order/terms.ts';
import type { LinkedRequest } from '../../domain/order/linked.ts';
import { clientOrderId, orderId } from '../../domain/values/ids.ts';
import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import { type Instrument, largestOrder } from './market.ts';
import type { Prng } from './prng.ts';

/** Mostly what rests, so that orders meet. */
const timesInForce: Readonly<Record<TimeInForce, number>> = {
  day: 30,
  gtc: 30,
  gtd: 10,
  ioc: 8,
  fok: 6,
  opg: 6,
  cls: 6,
};

/** What a client might ask for: mostly sensible, now and then too large, off the grid, or contradicting itself. */
export function someTerms(prng: Prng, instrument: Instrument, side: Side, now: Timestamp): RequestedTerms {
  const orderType = prng.weighted({ limit: 50, market: 15, stop: 10, stop_limit: 10, trailing_stop: 8 });
  const timeInForce = prng.weighted(timesInForce);
  const needsExpiry = timeInForce === 'gtd' || prng.chance(0.01);
  return {
    orderType,
    timeInForce,
    quantity: someQuantity(prng, instrument),
    ...pricesFor(orderType, prng, instrument, side),
    ...(needsExpiry && { expireAt: timestamp(now + prng.between(-500, 20_000) * 1_000) }),
  };
}

function someQuantity(prng: Prng, { rules }: Instrument): string {
  const kind = prng.weighted({ usual: 90, large: 4, none: 1, offGrid: 2, text: 1 });
  if (kind === 'none') return '0';
  if (kind === 'offGrid') return '1.23456';
  if (kind === 'text') return 'many';
  const lots =
    kind === 'large'
      ? prng.between(largestOrder, 3 * largestOrder)
      : prng.between(1, prng.pick([4, 12, largestOrder]));
  return formatQuantity(lots, rules.contract);
}

function somePrice(prng: Prng, instrument: Instrument, side: Side): string {
  if (prng.chance(0.02)) return '1.0000003';
  const spread = Math.max(4, Math.floor(instrument.reference / 12));
  const worse = prng.between(-spread, spread) * (side === 'buy' ? 1 : -1);
  return formatPrice(Math.max(1, instrument.reference + worse) as never, instrument.rules.contract);
}

function pricesFor(
  orderType: OrderType,
  prng: Prng,
  instrument: Instrument,
  side: Side,
): Partial<RequestedTerms> {
  const isWrong = prng.chance(0.01);
  const limitPrice = { limitPrice: somePrice(prng, instrument, side) };
  const stopPrice = { stopPrice: somePrice(prng, instrument, side) };
  switch (orderType) {
    case 'market':
      return isWrong ? limitPrice : {};
    case 'limit':
      return isWrong ? {} : limitPrice;
    case 'stop':
      return stopPrice;
    case 'stop_limit':
      return isWrong ? limitPrice : { ...limitPrice, ...stopPrice };
    case 'trailing_stop':
      return prng.chance(0.5)
        ? { trailPercent: '2.5' }
        : { trailPrice: formatPrice(5 as never, instrument.rules.contract) };
  }
}

/** What a client might want changed; of an order it may know little of. */
export function someChange(prng: Prng, instrument: Instrument, side: Side): RequestedChange {
  const what = prng.weighted({ quantity: 40, price: 30, both: 25, time: 5 });
  const quantity = { quantity: someQuantity(prng, instrument) };
  const limitPrice = { limitPrice: somePrice(prng, instrument, side) };
  if (what === 'quantity') return quantity;
  if (what === 'price') return limitPrice;
  return what === 'both' ? { ...quantity, ...limitPrice } : { timeInForce: 'gtc' };
}

interface Own {
  readonly id: string;
  readonly name: string;
  readonly side: Side;
  readonly requested: RequestedTerms;
}

/** A purchase with its exit, or a sale at two prices. */
export function someLinked(
  prng: Prng,
  instrument: Instrument,
  { id, name, side, requested }: Own,
): { readonly linked: LinkedRequest; readonly requested: RequestedTerms } {
  const { contract } = instrument.rules;
  const away = () => prng.between(1, Math.max(4, Math.floor(instrument.reference / 12)));
  const at = (ticks: number) => formatPrice(Math.max(1, ticks) as never, contract);
  const leg = (kind: string) => ({
    orderId: orderId(`${id}.${kind}`),
    clientOrderId: clientOrderId(`${name}.${kind}`),
  });
  const takeProfit = { ...leg('profit'), limitPrice: at(instrument.reference + away()) };
  const stopLoss = { ...leg('loss'), stopPrice: at(instrument.reference - away()) };
  const timeInForce = prng.pick(['day', 'gtc'] as const);
  const { quantity } = requested;
  if (side === 'sell')
    return {
      linked: { class: 'oco', stopLoss },
      requested: { orderType: 'limit', timeInForce, quantity, limitPrice: takeProfit.limitPrice },
    };
  const entry: RequestedTerms = prng.chance(0.3)
    ? { orderType: 'market', timeInForce, quantity }
    : { orderType: 'limit', timeInForce, quantity, limitPrice: at(instrument.reference) };
  const linked = prng.pick<LinkedRequest>([
    { class: 'bracket', takeProfit, stopLoss },
    { class: 'oto', takeProfit },
    { class: 'oto', stopLoss },
  ]);
  return { linked, requested: entry };
}
