import type { ExecutionId } from '../values/ids.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { OrderEvent } from './events.ts';

export interface Execution {
  readonly executionId: ExecutionId;
  readonly lastQuantity: Quantity;
  readonly lastPrice: Price;
  /** The venue stream that brought the id: two venues may well use the same one. */
  readonly stream: string;
}

/** Every execution that stands, by the id it is known by now: busts taken out, corrections in place of what they corrected. */
export function liveExecutions(history: readonly OrderEvent[]): readonly Execution[] {
  const live: Execution[] = [];
  const takeOut = (id: ExecutionId, stream: string) => {
    const found = meant(live, id, stream);
    if (found) live.splice(live.indexOf(found), 1);
  };
  for (const { type, data } of history) {
    if (type === 'ExecutionBusted') takeOut(data.executionId, data.position.stream);
    if (type === 'ExecutionCorrected') takeOut(data.replacesExecutionId, data.position.stream);
    if (type === 'OrderExecuted' || type === 'ExecutionCorrected') {
      const { executionId, lastQuantity, lastPrice, position } = data;
      live.push({ executionId, lastQuantity, lastPrice, stream: position.stream });
    }
  }
  return live;
}

/** The execution that a report in `stream` means by `executionId`; undefined when there is none, or no telling which. */
export function findLiveExecution(
  history: readonly OrderEvent[],
  executionId: ExecutionId,
  stream: string,
): Execution | undefined {
  return meant(liveExecutions(history), executionId, stream);
}

/** An id means one execution of its venue. An operator may name another venue's, where no two of them have that id. */
function meant(live: readonly Execution[], executionId: ExecutionId, stream: string): Execution | undefined {
  const named = live.filter((execution) => execution.executionId === executionId);
  return (
    named.find((execution) => execution.stream === stream) ?? (named.length === 1 ? named[0] : undefined)
  );
}
