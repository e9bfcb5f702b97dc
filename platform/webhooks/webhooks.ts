import type { SecretRing } from '../secrets/port.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { DeliveryStore } from './port.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Everything about webhooks that functions need. */
export interface Webhooks {
  readonly subscriptions: Subscriptions;
  readonly deliveries: DeliveryStore;
  readonly ring: SecretRing;
  readonly dispatcher: Pick<Dispatcher, 'start' | 'stop' | 'pass' | 'idle' | 'wake'>;
}
