import type { Clock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import type { Dispatcher } from '../../platform/webhooks/dispatcher.ts';

export interface DeliverWebhooksDependencies {
  readonly dispatcher: Pick<Dispatcher, 'pass'>;
  readonly clock: Clock;
}

const passMs = 15_000;

/** Delivers what is due. Where a process stays, its dispatcher has done so already, and this finds what it was not told of. */
export function deliverWebhooks({ dispatcher, clock }: DeliverWebhooksDependencies) {
  return (): Promise<void> => dispatcher.pass(deadlineIn(passMs, clock));
}
