import type { Access } from './api/door/caller.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type RouteKey = `${Method} /${string}`;

export interface HttpRoute {
  readonly route: RouteKey;
  readonly access: Access;
}

/** What wakes a function. How the embedded cell does it, see `local/waking.ts`. */
export type Trigger =
  /** `streams`: its answers go on for as long as somebody reads; what invokes it has to hand on every part as it comes. */
  | { readonly kind: 'http'; readonly routes: readonly HttpRoute[]; readonly streams?: true }
  /**
   * The log's change feed, every record of it, in batches that are gathered for so long. Two readers at most keep up with a shard of
   * DynamoDB's: these are the relay and the archive (docs/decisions/0022).
   */
  | {
      readonly kind: 'feed';
      readonly streams: 'all';
      readonly recordsMax: number;
      readonly gatheredSeconds: number;
    }
  /** Bus entries of streams of these kinds, through a queue of the function's own. */
  | { readonly kind: 'bus'; readonly streams: readonly string[] }
  /** Messages of a queue that is not fed by the bus. */
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'schedule'; readonly everyMinutes: number }
  /** Whoever holds the clients' WebSockets to `/stream`: that one came, what it says, and that it ended. */
  | { readonly kind: 'websocket' }
  /** The change feed of the views' table, as far as it is about feeds of accounts: new entries, and new listeners. */
  | { readonly kind: 'account-feed'; readonly recordsMax: number }
  /** AppConfig, with every config that somebody wants to put in force there: one that this refuses never is. */
  | { readonly kind: 'config' }
  /** Secrets Manager, once for each step of rotating the master secret. How often it does is a setting of the infrastructure. */
  | { readonly kind: 'rotation' };

export type TableName = 'log' | 'items' | 'views';

/** What it does not name it cannot reach. Nobody may update or delete in the log. */
export type Rights = Readonly<Partial<Record<TableName, 'read' | 'write'>>> & {
  readonly bus?: 'publish';
  /** The cell's own secret, from which others are derived; or adding a key to it, which takes the place of none. */
  readonly masterSecret?: 'derive' | 'rotate';
  /** Going through the streams there are, which in the cloud is a scan of the log. */
  readonly heads?: 'read';
  /** Reading the log's change feed for itself, beside the relay. */
  readonly feed?: 'read';
  /** Saying something to clients over the WebSockets they have open, and ending these; `find`: asking whether they are there. */
  readonly sockets?: 'manage' | 'find';
  /** Putting down what is new under one prefix of the archive, never over anything; `roots` may also read those there are. */
  readonly archive?: 'commits' | 'roots';
};

export interface FunctionEntry {
  readonly name: string;
  /** Below `functions/`. */
  readonly file: string;
  readonly trigger: Trigger;
  readonly rights: Rights;
  /** How long one call may take before its caller is told to try again. */
  readonly deadlineMs: number;
  readonly memoryMb: number;
}

const apiDeadlineMs = 5_000;
const memoryMb = 1024;

/** Everybody of the firm may look. */
const readers = ['administrator', 'operator', 'risk', 'auditor'] as const;
/** Who runs the business of the day. */
const operators = ['administrator', 'operator'] as const;
const riskTakers = ['administrator', 'operator', 'risk'] as const;
const reporters = ['administrator', 'operator', 'venue'] as const;
const administrators = ['administrator'] as const;

/**
 * The one list of functions. The cloud's infrastructure and rights are made from it, the embedded cell's routes too: a route that
 * exists in one and not in the other is impossible.
 */
export const manifest = [
  {
    name: 'openapi',
    file: 'api/openapi.ts',
    trigger: { kind: 'http', routes: [{ route: 'GET /openapi.json', access: 'public' }] },
    rights: {},
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'place-order',
    file: 'api/place-order.ts',
    trigger: { kind: 'http', routes: [{ route: 'POST /v2/orders', access: 'trading' }] },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'replace-order',
    file: 'api/replace-order.ts',
    trigger: { kind: 'http', routes: [{ route: 'PATCH /v2/orders/{order_id}', access: 'trading' }] },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'cancel-orders',
    file: 'api/cancel-orders.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'DELETE /v2/orders/{order_id}', access: 'trading' },
        { route: 'DELETE /v2/orders', access: 'trading' },
      ],
    },
    rights: { log: 'write', items: 'write', views: 'read' },
    deadlineMs: 15_000,
    memoryMb,
  },
  {
    name: 'read-orders',
    file: 'api/read-orders.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v2/orders', access: 'trading' },
        { route: 'GET /v2/orders:by_client_order_id', access: 'trading' },
        { route: 'GET /v2/orders/{order_id}', access: 'trading' },
        { route: 'GET /v2/orders/{order_id}/events', access: 'trading' },
      ],
    },
    rights: { log: 'read', items: 'read', views: 'read' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'read-account',
    file: 'api/read-account.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v2/account', access: 'trading' },
        { route: 'GET /v2/positions', access: 'trading' },
        { route: 'GET /v2/positions/{symbol_or_asset_id}', access: 'trading' },
      ],
    },
    rights: { log: 'read', items: 'read', views: 'read' },
    // Looking back reads every stream of the account.
    deadlineMs: 15_000,
    memoryMb,
  },
  {
    name: 'trade-events',
    file: 'api/trade-events.ts',
    trigger: {
      kind: 'http',
      streams: true,
      routes: [{ route: 'GET /v2/events/trades', access: 'trading' }],
    },
    rights: { log: 'read', items: 'read', views: 'read' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'account-configurations',
    file: 'api/account-configurations.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v2/account/configurations', access: 'trading' },
        { route: 'PATCH /v2/account/configurations', access: 'trading' },
      ],
    },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'activities',
    file: 'api/activities.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v2/account/activities', access: 'trading' },
        { route: 'GET /v2/account/activities/{activity_type}', access: 'trading' },
      ],
    },
    rights: { log: 'read', items: 'read', views: 'read' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'portfolio-history',
    file: 'api/portfolio-history.ts',
    trigger: { kind: 'http', routes: [{ route: 'GET /v2/account/portfolio/history', access: 'trading' }] },
    rights: { log: 'read', items: 'read', views: 'read' },
    deadlineMs: 15_000,
    memoryMb,
  },
  {
    name: 'close-positions',
    file: 'api/close-positions.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'DELETE /v2/positions/{symbol_or_asset_id}', access: 'trading' },
        { route: 'DELETE /v2/positions', access: 'trading' },
      ],
    },
    rights: { log: 'write', items: 'write', views: 'read' },
    deadlineMs: 15_000,
    memoryMb,
  },
  {
    name: 'read-market',
    file: 'api/read-market.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v2/assets', access: 'trading' },
        { route: 'GET /v2/assets/{symbol_or_asset_id}', access: 'trading' },
        { route: 'GET /v2/calendar', access: 'trading' },
        { route: 'GET /v2/clock', access: 'trading' },
      ],
    },
    rights: { log: 'read', items: 'read' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'webhooks',
    file: 'api/webhooks.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'POST /v2/webhooks', access: 'trading' },
        { route: 'GET /v2/webhooks', access: 'trading' },
        { route: 'GET /v2/webhooks/{webhook_id}', access: 'trading' },
        { route: 'PATCH /v2/webhooks/{webhook_id}', access: 'trading' },
        { route: 'DELETE /v2/webhooks/{webhook_id}', access: 'trading' },
        { route: 'POST /v2/webhooks/{webhook_id}/rotate-secret', access: 'trading' },
      ],
    },
    rights: { log: 'write', items: 'write', views: 'write', masterSecret: 'derive' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'webhook-deliveries',
    file: 'api/webhook-deliveries.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v2/webhooks/{webhook_id}/deliveries', access: 'trading' },
        { route: 'POST /v2/webhooks/{webhook_id}/deliveries/{number}/redeliver', access: 'trading' },
      ],
    },
    rights: { log: 'read', views: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'market-data',
    file: 'api/market-data.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v2/stocks/{symbol}/trades/latest', access: 'trading' },
        { route: 'GET /v2/stocks/{symbol}/quotes/latest', access: 'trading' },
        { route: 'GET /v2/stocks/{symbol}/bars/latest', access: 'trading' },
        { route: 'GET /v2/stocks/{symbol}/snapshot', access: 'trading' },
        { route: 'GET /v2/stocks/{symbol}/bars', access: 'trading' },
        { route: 'GET /v2/stocks/trades/latest', access: 'trading' },
        { route: 'GET /v2/stocks/quotes/latest', access: 'trading' },
        { route: 'GET /v2/stocks/bars/latest', access: 'trading' },
        { route: 'GET /v2/stocks/snapshots', access: 'trading' },
        { route: 'GET /v2/stocks/bars', access: 'trading' },
      ],
    },
    rights: { log: 'read', items: 'read' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'accounts',
    file: 'api/accounts.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'POST /v1/accounts', access: operators },
        { route: 'GET /v1/accounts/{account_id}', access: readers },
        { route: 'GET /v1/accounts/{account_id}/positions', access: readers },
      ],
    },
    rights: { log: 'write', items: 'write', views: 'read' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'account-status',
    file: 'api/account-status.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'POST /v1/accounts/{account_id}/halt', access: riskTakers },
        { route: 'POST /v1/accounts/{account_id}/lift-halt', access: riskTakers },
        { route: 'POST /v1/accounts/{account_id}/lift-restriction', access: riskTakers },
        { route: 'POST /v1/accounts/{account_id}/actions/close', access: operators },
      ],
    },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'transfers',
    file: 'api/transfers.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'POST /v1/accounts/{account_id}/transfers', access: operators },
        { route: 'GET /v1/accounts/{account_id}/transfers/{transfer_id}', access: readers },
        { route: 'DELETE /v1/accounts/{account_id}/transfers/{transfer_id}', access: operators },
      ],
    },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'approvals',
    file: 'api/approvals.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v1/approvals', access: readers },
        { route: 'GET /v1/approvals/{approval_id}', access: readers },
        { route: 'POST /v1/approvals/{approval_id}/approve', access: riskTakers },
        { route: 'POST /v1/approvals/{approval_id}/refuse', access: riskTakers },
      ],
    },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'config',
    file: 'api/config.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v1/config', access: readers },
        { route: 'GET /v1/config/history', access: readers },
        { route: 'GET /v1/config/versions/{version}', access: readers },
        { route: 'PUT /v1/config', access: operators },
        { route: 'PATCH /v1/config', access: operators },
      ],
    },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'kill-switches',
    file: 'api/kill-switches.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v1/kill-switches', access: readers },
        { route: 'PUT /v1/kill-switches/firm', access: riskTakers },
        { route: 'PUT /v1/kill-switches/accounts/{account_id}', access: riskTakers },
        { route: 'PUT /v1/kill-switches/instruments/{symbol}', access: riskTakers },
      ],
    },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'surveillance',
    file: 'api/surveillance.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v1/surveillance/accounts/{account_id}', access: readers },
        { route: 'GET /v1/surveillance/breaches', access: readers },
        {
          route: 'POST /v1/surveillance/strategies/{account_id}/{strategy_id}/re-enable',
          access: riskTakers,
        },
      ],
    },
    rights: { log: 'write', items: 'write', views: 'read' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'keys',
    file: 'api/keys.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'POST /v1/keys', access: administrators },
        { route: 'GET /v1/keys', access: readers },
        { route: 'DELETE /v1/keys/{key_id}', access: administrators },
      ],
    },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'reference-prices',
    file: 'api/reference-prices.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'PUT /v1/instruments/{symbol}/reference-price', access: reporters },
        { route: 'GET /v1/instruments/{symbol}/reference-price', access: [...readers, 'venue'] },
      ],
    },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'venue-reports',
    file: 'api/venue-reports.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'POST /v1/orders/{order_id}/executions', access: reporters },
        { route: 'POST /v1/orders/{order_id}/reports', access: reporters },
      ],
    },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'parked',
    file: 'api/parked.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v1/parked', access: readers },
        { route: 'POST /v1/parked/{consumer}/redrive', access: operators },
      ],
    },
    // Driving again does a consumer's own work, whichever it is, and the relay's.
    rights: { log: 'write', items: 'write', views: 'write', bus: 'publish' },
    deadlineMs: 15_000,
    memoryMb,
  },
  {
    name: 'audit',
    file: 'api/audit.ts',
    trigger: {
      kind: 'http',
      routes: [
        { route: 'GET /v1/orders/{order_id}', access: readers },
        { route: 'GET /v1/orders/{order_id}/events', access: readers },
        { route: 'GET /v1/reconcile', access: readers },
      ],
    },
    rights: { log: 'read', items: 'read', heads: 'read' },
    deadlineMs: 15_000,
    memoryMb,
  },
  {
    name: 'evidence',
    file: 'api/evidence.ts',
    trigger: { kind: 'http', routes: [{ route: 'GET /v1/orders/{order_id}/evidence', access: readers }] },
    rights: { log: 'read', items: 'read' },
    deadlineMs: 15_000,
    memoryMb,
  },
  {
    name: 'views',
    file: 'consumers/views.ts',
    trigger: { kind: 'bus', streams: ['order', 'transfer', 'account', 'killswitch'] },
    rights: { log: 'read', views: 'write' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'apply-venue-reports',
    file: 'consumers/venue-reports.ts',
    trigger: { kind: 'bus', streams: ['venue'] },
    // Among the views is where it parks what cannot be applied.
    rights: { log: 'write', items: 'write', views: 'write' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'venue',
    file: 'consumers/venue.ts',
    trigger: { kind: 'bus', streams: ['order', 'killswitch'] },
    // Among the items is where it writes books down, among the views where it parks.
    rights: { log: 'write', items: 'write', views: 'write' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'linked-orders',
    file: 'consumers/linked-orders.ts',
    trigger: { kind: 'bus', streams: ['order'] },
    // Among the views is where it parks what cannot be carried out.
    rights: { log: 'write', items: 'write', views: 'write' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'stop-watch',
    file: 'consumers/stop-watch.ts',
    trigger: { kind: 'bus', streams: ['instrument'] },
    rights: { log: 'write', items: 'write', views: 'read' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'trade-updates',
    file: 'sockets/trade-updates.ts',
    trigger: { kind: 'websocket' },
    // Who is connected is among the views; an account may want its orders canceled when nobody of it is any more.
    rights: { log: 'write', items: 'write', views: 'write', sockets: 'manage' },
    deadlineMs: 15_000,
    memoryMb,
  },
  {
    name: 'push-updates',
    file: 'sockets/push-updates.ts',
    trigger: { kind: 'account-feed', recordsMax: 100 },
    rights: { log: 'read', items: 'read', views: 'write', sockets: 'manage' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'relay',
    file: 'consumers/relay.ts',
    trigger: { kind: 'feed', streams: 'all', recordsMax: 100, gatheredSeconds: 0 },
    // Among the views is where it parks what the bus does not take.
    rights: { log: 'read', views: 'write', bus: 'publish' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'archive',
    file: 'consumers/archive.ts',
    // An object costs as much as eight commits: many of them share one.
    trigger: { kind: 'feed', streams: 'all', recordsMax: 1_000, gatheredSeconds: 60 },
    rights: { archive: 'commits' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'archive-roots',
    file: 'schedules/archive-roots.ts',
    trigger: { kind: 'schedule', everyMinutes: 15 },
    rights: { log: 'read', heads: 'read', feed: 'read', archive: 'roots' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'lost-connections',
    file: 'schedules/lost-connections.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    rights: { log: 'write', items: 'write', views: 'write', sockets: 'find' },
    deadlineMs: 20_000,
    memoryMb,
  },
  {
    name: 'sessions',
    file: 'schedules/sessions.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    // It leads our own books: among the items it writes them down, among the views it parks what an order cannot be told.
    rights: { log: 'write', items: 'write', views: 'write' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'sweep',
    file: 'schedules/sweep.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    // What every consumer may, since it does their work where a delivery was lost.
    rights: { log: 'write', items: 'write', views: 'write', heads: 'read', feed: 'read' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'deliver-webhooks',
    file: 'schedules/deliver-webhooks.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    // Suspending a webhook is a commit of its stream; where its deliveries have got is among the views.
    rights: { log: 'write', items: 'write', views: 'write', masterSecret: 'derive' },
    deadlineMs: 30_000,
    memoryMb,
  },
  {
    name: 'enforce-kill-switch',
    file: 'schedules/enforce-kill-switch.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    rights: { log: 'write', items: 'write', views: 'read' },
    deadlineMs: 15_000,
    memoryMb,
  },
  {
    name: 'respond-to-breaches',
    file: 'schedules/respond-to-breaches.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    // Among the views is where breaches are, and what was done about them.
    rights: { log: 'write', items: 'write', views: 'write' },
    deadlineMs: 15_000,
    memoryMb,
  },
  {
    name: 'check-config',
    file: 'consumers/check-config.ts',
    trigger: { kind: 'config' },
    rights: {},
    deadlineMs: apiDeadlineMs,
    memoryMb,
  },
  {
    name: 'rotate-master-secret',
    file: 'consumers/rotate-master-secret.ts',
    trigger: { kind: 'rotation' },
    rights: { masterSecret: 'rotate' },
    deadlineMs: 15_000,
    memoryMb,
  },
] as const satisfies readonly FunctionEntry[];

type Declared = (typeof manifest)[number];
export type FunctionName = Declared['name'];
export type HttpFunction = Extract<Declared, { readonly trigger: { readonly kind: 'http' } }>;
export type ApiFunctionName = HttpFunction['name'];
export type ScheduledFunction = Extract<Declared, { readonly trigger: { readonly kind: 'schedule' } }>;
export type ScheduledFunctionName = ScheduledFunction['name'];

export const httpFunctions: readonly HttpFunction[] = manifest.filter(
  (entry): entry is HttpFunction => entry.trigger.kind === 'http',
);

export const scheduledFunctions: readonly ScheduledFunction[] = manifest.filter(
  (entry): entry is ScheduledFunction => entry.trigger.kind === 'schedule',
);

/** As whoever reads its rights and deadline needs it. */
export function functionNamed(name: FunctionName): FunctionEntry {
  const entry: FunctionEntry | undefined = manifest.find((one) => one.name === name);
  if (!entry) throw new TypeError(`${name} is not in the manifest`);
  return entry;
}
