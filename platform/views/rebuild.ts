import type { StreamConsumer } from '../consumer/stream-consumer.ts';
import { type Swept, sweep } from '../consumer/sweep.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { EventStore } from '../event-store/port.ts';
import type { Views } from './port.ts';
import type { ViewEffect } from './projection.ts';
import type { StreamFold } from './stream-fold.ts';

/**
 * Throws the views away and builds them again from the log. Readers see them incomplete meanwhile; deliveries may go on. A
 * command to run beside: `deadlineOf` gives the deadline of each call, the whole takes as long as the log is.
 */
export async function rebuild(
  store: Pick<EventStore, 'heads'>,
  views: Pick<Views, 'clear'>,
  consumer: StreamConsumer<StreamFold, ViewEffect>,
  deadlineOf: () => Deadline,
): Promise<Swept> {
  await views.clear(deadlineOf());
  consumer.forget();
  return sweep(store, [consumer], deadlineOf);
}
