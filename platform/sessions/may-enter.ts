import { accountItem } from '../../domain/account/holdings.ts';
import { stopsFor } from '../../domain/kill-switch/stops.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { EventStore } from '../event-store/port.ts';
import type { HotConfig } from '../hot-config/port.ts';
import type { KillSwitch } from '../kill-switch/port.ts';
import type { OrderRow } from '../views/row.ts';

export interface EntryParts {
  readonly store: Pick<EventStore, 'readItem'>;
  readonly config: Pick<HotConfig, 'current'>;
  readonly killSwitch: Pick<KillSwitch, 'inForce'>;
}

/**
 * Whether an order that has queued with us may enter its market now. It was allowed when it was placed; halted or switched off since, its
 * account waits, and the order with it. Throws what is retryable when nobody can say.
 */
export async function mayEnter(
  { store, config, killSwitch }: EntryParts,
  { accountId, symbol, side }: Pick<OrderRow, 'accountId' | 'symbol' | 'side'>,
  deadline: Deadline,
): Promise<boolean> {
  const inConfig = config.current().config.switches(accountId, symbol);
  const thrown = stopsFor(await killSwitch.inForce(deadline), { accountId, symbol, side });
  const isStopped = [inConfig, thrown].some(({ firm, account, instrument }) => firm || account || instrument);
  if (isStopped) return false;
  const item = await store.readItem(accountItem(accountId), deadline);
  return item?.['status'] === 'active';
}
