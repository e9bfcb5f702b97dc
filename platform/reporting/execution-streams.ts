import { numbersOf } from '../../domain/venue-report/decide.ts';
import type { VenueReported } from '../../domain/venue-report/events.ts';
import { executionKeyOf } from '../ids/derived-ids.ts';

export interface ExecutionStreams {
  /** Begins with the first report under the execution's id. */
  readonly execution: string;
  /** Begins with a report of other numbers under the same id. */
  readonly conflict: string;
}

type Reported = Pick<VenueReported['data'], 'venueId' | 'orderId' | 'report'>;

/** The streams that make a report of an execution count once; undefined for what reports none. */
export function executionStreamsOf({ venueId, orderId, report }: Reported): ExecutionStreams | undefined {
  const numbers = numbersOf(orderId, report);
  if (!numbers) return undefined;
  const { executionId, lastQuantity, lastPrice, replacesExecutionId = '' } = numbers;
  const conflict = executionKeyOf(
    venueId,
    executionId,
    orderId,
    lastQuantity,
    lastPrice,
    replacesExecutionId,
  );
  return {
    execution: `execution-${executionKeyOf(venueId, executionId)}`,
    conflict: `execution-${conflict}`,
  };
}
