import * as z from 'zod';
import type { LoggedCommit } from './log.ts';

const trade = { buyOrderId: z.string(), sellOrderId: z.string(), price: z.int(), quantity: z.int() };
const named = z.looseObject({ version: z.int(), index: z.int() });
const output = z.discriminatedUnion('output', [
  z.looseObject({
    output: z.literal('report'),
    orderId: z.string(),
    report: z.looseObject({ report: z.string() }),
  }),
  z.looseObject({ output: z.literal('trade'), ...trade, aggressor: z.string().optional() }),
  z.looseObject({ output: z.literal('bust'), ...trade, trade: named }),
  z.looseObject({
    output: z.literal('correction'),
    ...trade,
    trade: named,
    correctedPrice: z.int(),
    correctedQuantity: z.int(),
  }),
]);
const batch = z.looseObject({ outputs: z.array(z.unknown()) });

/** A report to one order. `dispute`: a venue contradicts itself; a book never does. */
export interface Said {
  readonly report: { readonly report: string; readonly [member: string]: unknown };
  readonly dispute?: unknown;
}

/**
 * What a commit of a book says to one order in its output of this index. Both sides of a trade are told the same, each under an execution id
 * of its own, `SYMBOL-VERSION-INDEX-B` or `-S`: there is nothing else it could be called.
 */
export function saidByBook(
  { stream, version, events }: LoggedCommit,
  index: number,
  orderId: string,
): Said | undefined {
  const outputs = events.flatMap(({ data }) => batch.safeParse(data).data?.outputs ?? []);
  const read = output.safeParse(outputs[index]);
  if (!read.success) return undefined;
  const it = read.data;
  if (it.output === 'report') return it.orderId === orderId ? { report: it.report } : undefined;
  const side = it.buyOrderId === orderId ? 'buy' : it.sellOrderId === orderId ? 'sell' : undefined;
  if (side === undefined) return undefined;
  const symbol = stream.slice('book-'.length);
  const idOf = (at: { readonly version: number; readonly index: number }) =>
    `${symbol}-${at.version}-${at.index}-${side === 'buy' ? 'B' : 'S'}`;
  if (it.output === 'bust') return { report: { report: 'bust', executionId: idOf(it.trade) } };
  const executionId = idOf({ version, index });
  if (it.output === 'correction') {
    const numbers = { lastQuantity: it.correctedQuantity, lastPrice: it.correctedPrice };
    return { report: { report: 'correct', executionId, replacesExecutionId: idOf(it.trade), ...numbers } };
  }
  const liquidity = it.aggressor === undefined ? undefined : it.aggressor === side ? 'removed' : 'added';
  const execution = { executionId, lastQuantity: it.quantity, lastPrice: it.price, liquidity };
  return { report: { report: 'execute', ...execution } };
}
