import type { RouteKey } from '../../manifest.ts';

/**
 * The routes that take a query; every other refuses one. As the descriptions have it, which a test checks: they say far more, and a
 * function would carry the shapes of all the others' routes with them.
 */
export const routesWithQuery: ReadonlySet<RouteKey> = new Set<RouteKey>([
  'GET /v2/events/trades',
  'GET /v2/orders',
  'GET /v2/orders:by_client_order_id',
  'GET /v2/orders/{order_id}',
  'GET /v2/account',
  'GET /v2/account/activities',
  'GET /v2/account/activities/{activity_type}',
  'GET /v2/account/portfolio/history',
  'GET /v2/positions',
  'GET /v2/positions/{symbol_or_asset_id}',
  'DELETE /v2/positions/{symbol_or_asset_id}',
  'DELETE /v2/positions',
  'GET /v2/assets',
  'GET /v2/calendar',
  'GET /v2/stocks/{symbol}/trades/latest',
  'GET /v2/stocks/{symbol}/quotes/latest',
  'GET /v2/stocks/{symbol}/bars/latest',
  'GET /v2/stocks/{symbol}/snapshot',
  'GET /v2/stocks/{symbol}/bars',
  'GET /v2/stocks/trades/latest',
  'GET /v2/stocks/quotes/latest',
  'GET /v2/stocks/bars/latest',
  'GET /v2/stocks/snapshots',
  'GET /v2/stocks/bars',
  'GET /v1/approvals',
  'GET /v1/config/history',
  'GET /v1/surveillance/breaches',
  'GET /v2/webhooks/{webhook_id}/deliveries',
]);
