import type { AccountFeed } from '../../platform/account-feed/port.ts';
import type { FeedEffect } from '../../platform/account-feed/projection.ts';
import type { EffectStore, Parking } from '../../platform/consumer/port.ts';
import type { ChunkStore } from '../../platform/venue/chunk-store.ts';
import type { ViewReader, Views } from '../../platform/views/port.ts';
import type { ViewEffect } from '../../platform/views/projection.ts';
import type { Wire } from './wire.ts';

/** Beside the log: what one process reads and writes over the network that loses, delays and doubles. */
export interface RemoteViews
  extends EffectStore<ViewEffect>,
    Parking,
    Pick<ViewReader, 'orders' | 'openOrders' | 'openAccounts'> {}

export function remoteViews(views: Views, wire: Wire): RemoteViews {
  return {
    ...remoteEffects('views', views, wire),
    ...remoteParking(views, wire),
    orders: (query, deadline) => wire.read('views: orders', deadline, () => views.orders(query, deadline)),
    openOrders: (query, deadline) =>
      wire.read('views: open orders', deadline, () => views.openOrders(query, deadline)),
    openAccounts: (deadline) =>
      wire.read('views: open accounts', deadline, () => views.openAccounts(deadline)),
  };
}

export function remoteFeed(feed: AccountFeed, wire: Wire): EffectStore<FeedEffect> & Parking {
  return { ...remoteEffects('account feed', feed, wire), ...remoteParking(feed, wire) };
}

export function remoteChunks(chunks: ChunkStore, wire: Wire): ChunkStore {
  return {
    put: (owner, name, text, deadline) =>
      wire.write(`chunk ${owner} ${name}`, deadline, () => chunks.put(owner, name, text, deadline)),
    get: (owner, name, deadline) =>
      wire.read(`chunk ${owner} ${name}`, deadline, () => chunks.get(owner, name, deadline)),
    remove: (owner, name, deadline) =>
      wire.write(`chunk ${owner} ${name} removed`, deadline, () => chunks.remove(owner, name, deadline)),
  };
}

export function remoteParking(parking: Parking, wire: Wire): Parking {
  return {
    park: (consumer, parked, deadline) =>
      wire.write(`${consumer} parks`, deadline, () => parking.park(consumer, parked, deadline)),
    parked: (consumer, deadline) =>
      wire.read(`${consumer} parked`, deadline, () => parking.parked(consumer, deadline)),
    unpark: (consumer, stream, deadline) =>
      wire.write(`${consumer} unparks`, deadline, () => parking.unpark(consumer, stream, deadline)),
  };
}

function remoteEffects<Effect>(name: string, store: EffectStore<Effect>, wire: Wire): EffectStore<Effect> {
  return {
    savesMarks: false,
    progress: (streams, deadline) =>
      wire.read(`${name}: progress`, deadline, () => store.progress(streams, deadline)),
    write: (advances, deadline) =>
      wire.write(`${name}: write`, deadline, () => store.write(advances, deadline)),
    settle: (deadline) => wire.write(`${name}: settle`, deadline, () => store.settle(deadline)),
  };
}
