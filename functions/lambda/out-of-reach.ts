import type { FeedReader } from '../../platform/account-feed/port.ts';
import type { BreachBook } from '../../platform/surveillance/port.ts';
import type { ComposeWebhooks } from '../compose-dependencies.ts';
import type { ViewReader } from '../../platform/views/port.ts';

/** A function reached for what the manifest gives it no right to: a fault of ours, found before the service refuses it. */
export class OutOfReach extends Error {
  override readonly name = 'OutOfReach';
}

const refuse = async (): Promise<never> => {
  throw new OutOfReach('the function was composed without what it asked for: see functions/entries');
};

export const noViews: ViewReader = {
  orders: refuse,
  openAccounts: refuse,
  position: refuse,
  positions: refuse,
  activities: refuse,
  openOrders: refuse,
};

export const noBreaches: BreachBook = {
  figures: refuse,
  breaches: refuse,
  pending: refuse,
  conclude: refuse,
};

const denied = (): never => {
  throw new OutOfReach('the function was composed without webhooks: see functions/entries');
};

export const noWebhooks: ComposeWebhooks = () => ({
  get subscriptions() {
    return denied();
  },
  get deliveries() {
    return denied();
  },
  get ring() {
    return denied();
  },
  get dispatcher() {
    return denied();
  },
});

export const noAccountFeed: FeedReader = {
  entriesAfter: refuse,
  numberBefore: refuse,
  latest: refuse,
  onEntries: () => () => undefined,
};
