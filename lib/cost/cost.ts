import { type FunctionName, functionNamed } from '../../functions/manifest.ts';
import { readsAtOnce } from '../../platform/ledger/reads-at-once.ts';
import type { Counted, Counts } from './counted.ts';
import { prices } from './prices.ts';

/** Of a million placed orders. */
export interface Line {
  readonly what: string;
  readonly count: number;
  readonly unit: string;
  readonly usd: number;
}

export interface Run {
  readonly orders: number;
  readonly placed: Counts;
  readonly afterwards: Counts;
  /** By a round of the daily reconciliation, because these orders are in the log. */
  readonly reconciled: Counts;
}

/**
 * Milliseconds a call is billed for: what no run on this machine can tell. Billed per millisecond, from the moment a process is warm:
 * waiting for DynamoDB (5 to 10 ms a request in a region) is most of it.
 */
export interface Assumed {
  /** A call that answers somebody: one transaction, and our own work. */
  readonly commandMs: number;
  /** Of a consumer, for each request it makes to DynamoDB one after the other. */
  readonly requestMs: number;
  /** Of a consumer, beside its requests. */
  readonly callMs: number;
}

export const assumed: Assumed = { commandMs: 15, requestMs: 6, callMs: 10 };

/** Where two subscribers are counted, these: the lists, and our own venue. */
const twoSubscribers = ['views', 'venue'] as const;
const consumers = ['views', 'venue', 'linked-orders', 'stop-watch'] as const;

const perMillion = 1e6;
/** Measured on the same run: a line for the request, two of metrics, and what Lambda itself says of a call. */
const logBytes = { apiCall: 1_100, call: 600 };
/** Of a commit, compressed with others of its batch: measured on the same run, 14,169 bytes for 88. */
const archivedBytes = 160;
/** Heads that are read in one call, of which there is one line in the trail. */
const headsInCall = 100;
/** Assumed: compressing a batch, and one put. */
const archivingMs = 150;
/** X-Ray's default: the first of a second, and of the rest one in twenty. */
const tracedShare = 0.05;

/**
 * Placing an order: the call, the commit with its money, the commit brought to the bus and to two subscribers, and those called. What
 * they write for themselves is in `fullLife`.
 */
export function core({ orders, placed }: Run, times = assumed): readonly Line[] {
  const each = perMillion / orders;
  const place = of(placed, 'place-order');
  const entries = of(placed, 'bus').messages;
  return [
    line('HTTP API', place.calls * each, 'request', prices.httpApiRequest),
    ...calls('place-order', place, each, times.commandMs),
    ...units('place-order', place, each),
    ...calls('relay', of(placed, 'relay'), each, times.callMs),
    line('bus', entries * each, 'entry', prices.busEntry),
    ...twoSubscribers.flatMap((name) => [
      ...queue(name, of(placed, name), each),
      ...calls(name, of(placed, name), each, times.callMs),
    ]),
  ];
}

/** What watching, proving and keeping adds to placing. */
export function beside(run: Run): readonly Line[] {
  const place = of(run.placed, 'place-order');
  const others = ['relay', ...twoSubscribers].reduce((sum, name) => sum + of(run.placed, name).calls, 0);
  return besides(run, { others, recorded: place.requests });
}

/** The same for a whole life. Who acts on orders does so in log and items, whose every request is on record; lists are not. */
export function besideLife(run: Run): readonly Line[] {
  const life = (name: string) => both(of(run.placed, name), of(run.afterwards, name));
  const acting = ['venue', 'linked-orders', 'stop-watch'].reduce((sum, name) => sum + life(name).requests, 0);
  const others = ['relay', ...consumers, 'push-updates'].reduce((sum, name) => sum + life(name).calls, 0);
  return besides(run, { others, recorded: of(run.placed, 'place-order').requests + acting });
}

/** `others`: calls of functions that nobody waits for. `recorded`: requests that the trail has an event of. */
function besides(
  run: Run,
  { others, recorded }: { readonly others: number; readonly recorded: number },
): readonly Line[] {
  const { orders, placed } = run;
  const each = perMillion / orders;
  const place = of(placed, 'place-order');
  const bytes = place.calls * logBytes.apiCall + others * logBytes.call;
  const gigabytes = (bytes * each) / 1e9;
  const storedGigabytes = (1_024 * perMillion) / 1e9;
  return [
    line('CloudTrail, calls to log and items', recorded * each, 'event', prices.trailDataEvent),
    line('logs and metrics in them', gigabytes, 'GB', prices.logGigabyte),
    line('X-Ray', (place.calls + others) * each * tracedShare, 'trace', prices.trace),
    line('log table, a month', storedGigabytes, 'GB', prices.tableGigabyteMonth),
    line('trail in S3, a month', storedGigabytes, 'GB', prices.objectGigabyteMonth),
    ...archived(run, each),
    // Tables ask once for a key and keep it for minutes: so many in a month for each, whatever the orders.
    line('KMS, three tables, a month', 3 * 12 * 24 * 30, 'request', prices.kmsRequest),
  ];
}

/** Every commit of an order's whole life in the archive, and at most as many heads read for the roots. */
function archived({ placed, afterwards }: Run, each: number): readonly Line[] {
  const life = both(of(placed, 'archive'), of(afterwards, 'archive'));
  const gigabytes = (life.messages * each * archivedBytes) / 1e9;
  return [
    ...calls('archive', life, each, archivingMs),
    line('archive, objects', life.calls * each, 'put', prices.objectPut),
    line('archive in S3, a month', gigabytes, 'GB', prices.objectGigabyteMonth),
    line('roots, heads read', life.messages * each, 'read unit', prices.readUnit),
    line(
      'CloudTrail, archive and roots',
      (life.calls + life.messages / headsInCall) * each,
      'event',
      prices.trailDataEvent,
    ),
  ];
}

/** Everything from the request until nothing moves any more: acknowledged, executed, settled, listed, every consumer. */
export function fullLife(run: Run, times = assumed): readonly Line[] {
  const { orders, placed, afterwards } = run;
  const each = perMillion / orders;
  const life = (name: string) => both(of(placed, name), of(afterwards, name));
  const place = of(placed, 'place-order');
  return [
    line('HTTP API', place.calls * each, 'request', prices.httpApiRequest),
    ...calls('place-order', place, each, times.commandMs),
    ...units('place-order', place, each),
    ...calls('relay', life('relay'), each, times.callMs),
    line('bus', life('bus').messages * each, 'entry', prices.busEntry),
    ...consumers.flatMap((name) => {
      const what = life(name);
      const ms = times.callMs + (what.requests / Math.max(1, what.calls)) * times.requestMs;
      return [...queue(name, what, each), ...calls(name, what, each, ms), ...units(name, what, each)];
    }),
    // Woken straight by the table, which costs nothing; nobody listens.
    ...calls('push-updates', life('push-updates'), each, times.callMs + times.requestMs),
    ...units('push-updates', life('push-updates'), each),
  ];
}

/** One round of the daily reconciliation while a million orders are in the log: as many requests as orders, each on record. */
export function reconciling({ orders, reconciled }: Run, times = assumed): readonly Line[] {
  const each = perMillion / orders;
  const { requests, readUnits } = of(reconciled, 'reconcile');
  const gigabytes = functionNamed('reconcile').memoryMb / 1024;
  const seconds = (requests * each * times.requestMs) / readsAtOnce / 1e3;
  return [
    line('reconcile, read', readUnits * each, 'read unit', prices.readUnit),
    line(`reconcile, ${Math.round(seconds)} s`, seconds * gigabytes, 'GB-s', prices.lambdaGbSecond),
    line('CloudTrail, its reads', requests * each, 'event', prices.trailDataEvent),
  ];
}

export function total(lines: readonly Line[]): number {
  return lines.reduce((so, { usd }) => so + usd, 0);
}

function line(what: string, count: number, unit: string, price: number): Line {
  return { what, count, unit, usd: count * price };
}

function calls(name: FunctionName, { calls: times }: Counted, each: number, ms: number): readonly Line[] {
  const gigabytes = functionNamed(name).memoryMb / 1024;
  return [
    line(`${name}, called`, times * each, 'call', prices.lambdaCall),
    line(
      `${name}, ${Math.round(ms)} ms`,
      times * each * (ms / 1e3) * gigabytes,
      'GB-s',
      prices.lambdaGbSecond,
    ),
  ];
}

function units(name: string, { writeUnits, readUnits }: Counted, each: number): readonly Line[] {
  return [
    line(`${name}, written`, writeUnits * each, 'write unit', prices.writeUnit),
    line(`${name}, read`, readUnits * each, 'read unit', prices.readUnit),
  ];
}

/** The bus sends each message alone; ten are received and deleted in a request. */
function queue(name: string, { calls: batches, messages }: Counted, each: number): readonly Line[] {
  return [line(`${name}, its queue`, (messages + 2 * batches) * each, 'request', prices.queueRequest)];
}

const none: Counted = { calls: 0, messages: 0, requests: 0, writeUnits: 0, readUnits: 0 };

function of(counts: Counts, name: string): Counted {
  return counts[name] ?? none;
}

function both(one: Counted, other: Counted): Counted {
  return {
    calls: one.calls + other.calls,
    messages: one.messages + other.messages,
    requests: one.requests + other.requests,
    writeUnits: one.writeUnits + other.writeUnits,
    readUnits: one.readUnits + other.readUnits,
  };
}

/**
 * What was more than is on record, in words. What comes after placing depends on which orders share a batch, which is chance: two runs of
 * the same code were 4 % apart.
 */
export function dearer(run: Run, recorded: Run): readonly string[] {
  return (
    [
      ['placed', 1.01],
      ['afterwards', 1.08],
      ['reconciled', 1.05],
    ] as const
  ).flatMap(([part, room]) =>
    Object.entries(run[part]).flatMap(([name, counts]) =>
      (['calls', 'messages', 'requests', 'writeUnits', 'readUnits'] as const)
        .filter((what) => counts[what] > of(recorded[part], name)[what] * room)
        .map(
          (what) =>
            `${name}, ${part}: ${counts[what]} ${what} for ${run.orders} orders, recorded are ${of(recorded[part], name)[what]}`,
        ),
    ),
  );
}
