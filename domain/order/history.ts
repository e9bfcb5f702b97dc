import type { ExecutionId } from '../values/ids.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { OrderEvent } from './events.ts';

export interface Execution {
  readonly executionId: ExecutionId;
  readonly lastQuantity: Quantity;
  readonly lastPrice: Price;
}

/** Every execution that stands, by the id it is known by now: busts taken out, corrections in place of what they corrected. */
export function liveExecutions(history: readonly OrderEvent[]): ReadonlyMap<ExecutionId, Execution> {
  const live = new Map<ExecutionId, Execution>();
  for (const event of history) {
    if (event.type === 'OrderExecuted') live.set(event.data.executionId, event.data);
    if (event.type === 'ExecutionBusted') live.delete(event.data.executionId);
    if (event.type === 'ExecutionCorrected') {
      live.delete(event.data.replacesExecutionId);
      live.set(event.data.executionId, event.data);
    }
  }
  return live;
}

export function findLiveExecution(
  history: readonly OrderEvent[],
  executionId: ExecutionId,
): Execution | undefined {
  return liveExecutions(history).get(executionId);
}
