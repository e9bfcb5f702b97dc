import type { NewOrder } from '../../../domain/venue/new-order.ts';
import type { OrderBookOptions } from '../../../domain/venue/order-book.ts';
import { type Command, TestedBook } from './commands.ts';

/** A good-till-canceled limit order for 10 at 100, except for what a test says. */
export function order(orderId: number, side: 'buy' | 'sell', rest: Partial<NewOrder> = {}): Command {
  const placed = {
    orderId,
    side,
    orderType: 'limit',
    timeInForce: 'gtc',
    quantity: 10,
    limitPrice: 100,
  } as const;
  return { do: 'place', order: { ...placed, ...rest } };
}

/** Runs the commands on one book and returns what the last one reported. */
export function lastReports(
  commands: readonly Command[],
  options: OrderBookOptions = { phase: 'continuous' },
): readonly string[] {
  const book = new TestedBook(options);
  return commands.map((command) => book.run(command)).at(-1) ?? [];
}
