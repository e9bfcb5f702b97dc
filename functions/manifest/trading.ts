import { apiDeadlineMs, type FunctionEntry, memoryMb } from './entry.ts';

export const openapi = {
  name: 'openapi',
  file: 'api/openapi.ts',
  trigger: { kind: 'http', routes: [{ route: 'GET /openapi.json', access: 'public' }] },
  rights: {},
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const placeOrder = {
  name: 'place-order',
  file: 'api/place-order.ts',
  trigger: { kind: 'http', routes: [{ route: 'POST /v2/orders', access: 'trading' }] },
  rights: { log: 'write', items: 'write' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const replaceOrder = {
  name: 'replace-order',
  file: 'api/replace-order.ts',
  trigger: { kind: 'http', routes: [{ route: 'PATCH /v2/orders/{order_id}', access: 'trading' }] },
  rights: { log: 'write', items: 'write' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const cancelOrders = {
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
} as const satisfies FunctionEntry;

export const readOrders = {
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
} as const satisfies FunctionEntry;

export const readAccount = {
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
} as const satisfies FunctionEntry;

export const tradeEvents = {
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
} as const satisfies FunctionEntry;

export const accountConfigurations = {
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
} as const satisfies FunctionEntry;

export const activities = {
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
} as const satisfies FunctionEntry;

export const portfolioHistory = {
  name: 'portfolio-history',
  file: 'api/portfolio-history.ts',
  trigger: { kind: 'http', routes: [{ route: 'GET /v2/account/portfolio/history', access: 'trading' }] },
  rights: { log: 'read', items: 'read', views: 'read' },
  deadlineMs: 15_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const closePositions = {
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
} as const satisfies FunctionEntry;

export const readMarket = {
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
} as const satisfies FunctionEntry;

export const webhooks = {
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
} as const satisfies FunctionEntry;

export const webhookDeliveries = {
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
} as const satisfies FunctionEntry;

export const marketData = {
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
} as const satisfies FunctionEntry;
