import { functionNamed, manifest } from '../../functions/manifest.ts';
import { readsAtOnce } from '../../platform/ledger/reads-at-once.ts';
import { type Assumed, assumed, type Run } from '../cost/cost.ts';
import { everywhere, type QuotaRegion, quotas } from './quotas.ts';

export interface Demand {
  readonly ordersPerDay: number;
  /** In which the day's orders come. */
  readonly tradingHours: number;
  /** How many times the mean of those hours the busiest second has. */
  readonly peak: number;
  readonly region: QuotaRegion;
}

export interface Need {
  readonly what: string;
  readonly needed: number;
  readonly unit: string;
  readonly quota?: number;
  readonly isAdjustable?: boolean;
}

export interface Bound {
  readonly what: string;
  readonly ordersPerSecond: number;
  readonly by: string;
}

export interface Capacity {
  readonly peakPerSecond: number;
  readonly needs: readonly Need[];
  readonly bounds: readonly Bound[];
  /** In the log, at most, for a round of `reconcile` to end in its time. */
  readonly ordersReconciled: number;
  /** Independent ones, each in an AWS account of its own with the quotas as they are given. */
  readonly cellsAsGiven: number;
}

/** Of a placed order on its account's partition key: the account's item and its position's, each at a transaction's double price. */
const accountUnitsPerOrder = 4;
/** As the bus publishes them. */
const entriesPerRequest = 10;
/** A partition of a table takes so much, and a stream has at least one shard for each. */
const shardWriteUnits = 1_000;

/** What the busiest second needs of a region, and what no raised quota helps with. */
export function capacityFor(demand: Demand, run: Run, times: Assumed = assumed): Capacity {
  const { ordersPerDay, tradingHours, peak, region } = demand;
  const peakPerSecond = (ordersPerDay / (tradingHours * 3_600)) * peak;
  const needs = needsOf(peakPerSecond, region, run, times);
  const cells = needs.map(({ needed, quota }) => (quota === undefined ? 1 : Math.ceil(needed / quota)));
  return {
    peakPerSecond,
    needs,
    bounds: boundsOf(run, times),
    ordersReconciled: ordersReconciled(run, times),
    cellsAsGiven: Math.max(1, ...cells),
  };
}

/** Gone through once, while nobody trades: what is written meanwhile has it go through all of it up to twice more. */
function ordersReconciled({ orders, reconciled }: Run, { requestMs }: Assumed): number {
  const requests = reconciled['reconcile']?.requests ?? 0;
  return (functionNamed('reconcile').deadlineMs * readsAtOnce * orders) / (requests * requestMs);
}

function needsOf(perSecond: number, region: QuotaRegion, run: Run, times: Assumed): readonly Need[] {
  const each = (name: string, what: 'calls' | 'messages' | 'requests' | 'writeUnits') =>
    ((run.placed[name]?.[what] ?? 0) + (run.afterwards[name]?.[what] ?? 0)) / run.orders;
  const entries = each('bus', 'messages');
  const subscribers = manifest.filter(({ trigger }) => trigger.kind === 'bus').map(({ name }) => name);
  const queued = subscribers.reduce((sum, name) => sum + each(name, 'messages'), 0);
  const placing = { needed: (perSecond * times.commandMs) / 1e3, what: 'place-order at the same time' };
  // Little's law: as many at once as come in a second, times how long each stays.
  const consuming = subscribers.map((name) => {
    const ms = each(name, 'calls') * times.callMs + each(name, 'requests') * times.requestMs;
    return { what: `${name} at the same time`, needed: (perSecond * ms) / 1e3 };
  });
  const concurrent = [placing, ...consuming].filter(({ needed }) => needed > 0);
  const [ownWrites, listWrites] = [
    each('place-order', 'writeUnits') + each('venue', 'writeUnits'),
    each('views', 'writeUnits'),
  ];
  const adjustable = { isAdjustable: true };
  return [
    {
      what: 'API requests',
      needed: perSecond,
      unit: 'a second',
      quota: everywhere.apiRequests,
      ...adjustable,
    },
    ...concurrent.map((one) => ({ ...one, unit: 'calls' })),
    {
      what: 'all functions at the same time',
      needed: concurrent.reduce((sum, { needed }) => sum + needed, 0),
      unit: 'calls',
      quota: everywhere.concurrency,
      ...adjustable,
    },
    {
      what: 'log and items, written',
      needed: perSecond * ownWrites,
      unit: 'units a second',
      quota: everywhere.tableWriteUnits,
      ...adjustable,
    },
    {
      what: 'views, written',
      needed: perSecond * listWrites,
      unit: 'units a second',
      quota: everywhere.tableWriteUnits,
      ...adjustable,
    },
    {
      what: 'shards of the change feed',
      needed: (perSecond * ownWrites) / shardWriteUnits,
      unit: 'at least',
    },
    {
      what: 'PutEvents',
      needed: (perSecond * entries) / entriesPerRequest,
      unit: 'requests a second',
      quota: quotas[region].putEvents,
      ...adjustable,
    },
    {
      what: 'deliveries of the bus',
      needed: perSecond * queued,
      unit: 'a second',
      quota: quotas[region].invocations,
      ...adjustable,
    },
  ];
}

function boundsOf({ orders, placed }: Run, times: Assumed): readonly Bound[] {
  const venue = placed['venue'] ?? { calls: 0, messages: 0, requests: 0, writeUnits: 0, readUnits: 0 };
  const venueMs = (venue.calls * times.callMs + venue.requests * times.requestMs) / orders;
  return [
    {
      what: 'one account',
      ordersPerSecond: everywhere.keyWriteUnits / accountUnitsPerOrder,
      by: `${accountUnitsPerOrder} write units an order on the account's partition key, which takes ${everywhere.keyWriteUnits} a second`,
    },
    {
      what: 'one instrument of our own venue',
      ordersPerSecond: 1e3 / venueMs,
      by: `one writer for each book: its requests one after the other take ${Math.round(venueMs)} ms an order, where each takes ${times.requestMs} ms`,
    },
  ];
}
