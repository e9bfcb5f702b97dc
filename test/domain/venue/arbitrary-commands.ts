import * as fc from 'fast-check';
import type { NewOrder, ReplaceOrder } from '../../../domain/venue/new-order.ts';
import { price } from '../../../domain/values/price.ts';
import type { Command } from './commands.ts';

/** Small numbers, so that orders meet, share prices and accounts, and ids come twice. */
const orderId = fc.integer({ min: 1, max: 30 });
const limitPrice = fc.integer({ min: 90, max: 110 });
const quantity = fc.integer({ min: 1, max: 40 });
const side = fc.constantFrom('buy', 'sell');
const prevention = fc.constantFrom('none', 'cancel_resting', 'cancel_incoming', 'cancel_both', 'decrement');
const owner = { account: fc.integer({ min: 0, max: 3 }), selfTradePrevention: prevention } as const;
const core = { orderId, side, quantity, limitPrice, ...owner } as const;
const waits = { timeInForce: fc.constantFrom('day', 'gtc') } as const;
const trail = fc.oneof(
  fc.integer({ min: 1, max: 8 }).map((ticks) => ({ by: 'price' as const, ticks: price(ticks) })),
  fc.integer({ min: 1, max: 800 }).map((hundredths) => ({ by: 'percent' as const, hundredths })),
);
const limit = fc.constant('limit' as const);

const plain = fc.record({
  ...core,
  orderType: limit,
  timeInForce: fc.constantFrom('day', 'gtc', 'ioc', 'fok'),
});
const auctionOnly = fc.record({
  ...core,
  orderType: fc.constantFrom('limit', 'market'),
  timeInForce: fc.constantFrom('opg', 'cls'),
});
const market = fc.record({
  ...core,
  orderType: fc.constant('market' as const),
  timeInForce: fc.constantFrom('day', 'ioc', 'fok'),
});
const stop = fc.record({
  ...core,
  ...waits,
  orderType: fc.constantFrom('stop', 'stop_limit'),
  stopPrice: limitPrice,
});
const trailing = fc.record({ ...core, ...waits, orderType: fc.constant('trailing_stop' as const), trail });
const iceberg = fc.record({
  ...core,
  ...waits,
  orderType: limit,
  displayQuantity: fc.integer({ min: 1, max: 8 }),
});
const postOnly = fc.record({ ...core, ...waits, orderType: limit, postOnly: fc.constant(true) });
const minimum = fc.record({
  ...core,
  orderType: limit,
  timeInForce: fc.constant('ioc' as const),
  minimumQuantity: fc.integer({ min: 1, max: 30 }),
});
const dated = fc.record({
  ...core,
  orderType: limit,
  timeInForce: fc.constant('gtd' as const),
  expireAt: fc.integer({ min: 1, max: 20 }),
});

/** Anything at all, mostly contradictory: the book and its oracle must find the same fault first. */
const wild = fc.record(
  {
    orderId,
    side,
    orderType: fc.constantFrom('limit', 'market', 'stop', 'stop_limit', 'trailing_stop'),
    timeInForce: fc.constantFrom('day', 'gtc', 'gtd', 'ioc', 'fok', 'opg', 'cls'),
    quantity: fc.integer({ min: -1, max: 20 }),
    limitPrice: fc.integer({ min: -1, max: 110 }),
    stopPrice: fc.integer({ min: -1, max: 110 }),
    trail,
    expireAt: fc.integer({ min: 1, max: 20 }),
    postOnly: fc.boolean(),
    minimumQuantity: fc.integer({ min: -1, max: 20 }),
    displayQuantity: fc.integer({ min: -1, max: 20 }),
  },
  { requiredKeys: ['orderId', 'side', 'orderType', 'timeInForce', 'quantity', 'limitPrice'] },
);

const order: fc.Arbitrary<NewOrder> = fc.oneof(
  { weight: 8, arbitrary: plain },
  { weight: 2, arbitrary: auctionOnly },
  { weight: 2, arbitrary: market },
  { weight: 3, arbitrary: stop },
  { weight: 3, arbitrary: trailing },
  { weight: 3, arbitrary: iceberg },
  { weight: 2, arbitrary: postOnly },
  { weight: 2, arbitrary: minimum },
  { weight: 1, arbitrary: dated },
  { weight: 1, arbitrary: wild },
);

const change: fc.Arbitrary<ReplaceOrder> = fc.record(
  { orderId, quantity, limitPrice, stopPrice: limitPrice, trail },
  { requiredKeys: ['orderId'] },
);
/** Reductions alone, which is where priority is kept. */
const reduction = fc.record({ orderId, quantity: fc.integer({ min: 1, max: 15 }) });

const trading: fc.WeightedArbitrary<Command>[] = [
  { weight: 60, arbitrary: order.map((placed) => ({ do: 'place', order: placed })) },
  { weight: 6, arbitrary: orderId.map((id) => ({ do: 'cancel', orderId: id })) },
  { weight: 6, arbitrary: change.map((asked) => ({ do: 'replace', change: asked })) },
  { weight: 6, arbitrary: reduction.map((asked) => ({ do: 'replace', change: asked })) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('reinsert' as const), orderId, quantity, price: limitPrice }),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }).map((account) => ({ do: 'cancelAll', account })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20 }).map((now) => ({ do: 'expire', now })) },
];
const call = fc.constantFrom('opening_call', 'closing_call');
const session: fc.WeightedArbitrary<Command>[] = [
  { weight: 3, arbitrary: call.map((phase) => ({ do: 'beginCall', phase })) },
  { weight: 8, arbitrary: limitPrice.map((referencePrice) => ({ do: 'endCall', referencePrice })) },
  { weight: 1, arbitrary: fc.constant({ do: 'endDay' }) },
  { weight: 1, arbitrary: fc.constant({ do: 'halt' }) },
  { weight: 2, arbitrary: fc.constant({ do: 'resume' }) },
];

export const continuousCommands = fc.array(fc.oneof(...trading), {
  minLength: 10,
  maxLength: 80,
  size: 'max',
});
export const sessionCommands = fc.array(fc.oneof(...trading, ...session), {
  minLength: 10,
  maxLength: 80,
  size: 'max',
});
