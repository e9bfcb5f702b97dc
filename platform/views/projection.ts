import type { OrderEvent } from '../../domain/order/events.ts';
import type { Projection } from '../consumer/port.ts';
import { type Activity, fillActivity, transferActivity } from './activity.ts';
import type { OrderRow } from './order-row.ts';
import type { OrderStep } from './order-steps.ts';
import { type StreamFold, streamProjection } from './stream-fold.ts';
import { tradeChange, type TradeChange } from './trade.ts';
import type { TransferStep } from './transfer-steps.ts';
import { viewsName } from './version.ts';

/** What one commit changes in the views. */
export interface ViewEffect {
  readonly rows: readonly OrderRow[];
  readonly trades: readonly TradeChange[];
  readonly activities: readonly Activity[];
}

export type ViewProjection = Projection<StreamFold, ViewEffect>;

/** Lists of orders, positions and activities, from the streams of orders and transfers alone. */
export const viewProjection: ViewProjection = streamProjection(viewsName, {
  ofOrder,
  ofTransfer,
});

function ofOrder(steps: readonly OrderStep[]): ViewEffect {
  const rows = new Map(steps.flatMap((step) => [...step.rows]));
  const trading = steps.filter(({ event }) => tradeTypes.has(event.type));
  return {
    rows: [...rows.values()],
    trades: trading.map(tradeIn).filter((change) => change !== undefined),
    activities: trading.map(fillActivity).filter((activity) => activity !== undefined),
  };
}

const tradeTypes = new Set<OrderEvent['type']>(['OrderExecuted', 'ExecutionBusted', 'ExecutionCorrected']);

function tradeIn({ after, event, at }: OrderStep): TradeChange | undefined {
  return after.kind === 'order' ? tradeChange(after, event, at) : undefined;
}

function ofTransfer(steps: readonly TransferStep[]): ViewEffect {
  const activities = steps.map(transferActivity).filter((activity) => activity !== undefined);
  return { rows: [], trades: [], activities };
}
