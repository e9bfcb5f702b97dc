import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FlowReader } from '../../domain/venue/flow-reader.ts';

export const NEW = 0;
export const CANCEL = 1;
const MODIFY = 2;

/** A flow in columns, so that reading it costs every engine the same and next to nothing. */
export interface Flow {
  readonly count: number;
  readonly types: Uint8Array;
  readonly sells: Uint8Array;
  readonly immediates: Uint8Array;
  readonly orderIds: Float64Array;
  readonly quantities: Float64Array;
  readonly prices: Float64Array;
  /** By order id: the packages name orders by text, which is made before the clock runs. */
  readonly names: readonly string[];
}

/** Reads a compressed flow as a whole. */
export async function readFlow(path: string): Promise<Flow> {
  const reader = new FlowReader();
  await pipeline(createReadStream(path), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) reader.feed(chunk);
    reader.end();
  });
  const { fault, count } = reader;
  if (fault !== undefined) throw new Error(`${path}: line ${fault.line}, ${fault.field}: ${fault.problem}`);
  const flow = emptyFlow(count);
  for (let i = 0; i < count; i += 1) {
    const message = reader.at(i);
    if (message === undefined) break;
    flow.types[i] = message.type === 'new' ? NEW : message.type === 'cancel' ? CANCEL : MODIFY;
    flow.sells[i] = message.side === 'sell' ? 1 : 0;
    flow.immediates[i] = message.immediate ? 1 : 0;
    flow.orderIds[i] = message.orderId;
    flow.quantities[i] = message.quantity;
    flow.prices[i] = message.price;
  }
  const highest = flow.orderIds.reduce((a, b) => Math.max(a, b), 0);
  return { ...flow, names: Array.from({ length: highest + 1 }, (_, id) => String(id)) };
}

function emptyFlow(count: number): Flow {
  return {
    count,
    types: new Uint8Array(count),
    sells: new Uint8Array(count),
    immediates: new Uint8Array(count),
    orderIds: new Float64Array(count),
    quantities: new Float64Array(count),
    prices: new Float64Array(count),
    names: [],
  };
}
