import { accountConfigurations } from './api/account-configurations.ts';
import { accountStatus } from './api/account-status.ts';
import { accounts } from './api/accounts.ts';
import { activities } from './api/activities.ts';
import { approvals } from './api/approvals.ts';
import { audit } from './api/audit.ts';
import { cancelOrders } from './api/cancel-orders.ts';
import { closePositions } from './api/close-positions.ts';
import { config } from './api/config.ts';
import { killSwitches } from './api/kill-switches.ts';
import { evidence } from './api/evidence.ts';
import { keys } from './api/keys.ts';
import { marketData } from './api/market-data.ts';
import { openApi } from './api/openapi.ts';
import { parked } from './api/parked.ts';
import { placeOrder } from './api/place-order.ts';
import { portfolioHistory } from './api/portfolio-history.ts';
import { readAccount } from './api/read-account.ts';
import { readMarket } from './api/read-market.ts';
import { readOrders } from './api/read-orders.ts';
import { referencePrices } from './api/reference-prices.ts';
import { replaceOrder } from './api/replace-order.ts';
import { surveillance } from './api/surveillance.ts';
import { tradeEvents } from './api/trade-events.ts';
import { transfers } from './api/transfers.ts';
import { venueReports } from './api/venue-reports.ts';
import { webhookDeliveries } from './api/webhook-deliveries.ts';
import { webhooks } from './api/webhooks.ts';
import type { ApiFunction } from './api/door/routes.ts';
import { type LambdaHandler, wrap } from './api/door/wrap.ts';
import type { Dependencies } from './dependencies.ts';
import { type ApiFunctionName, httpFunctions, type HttpFunction } from './manifest.ts';

/** The code behind each name of the manifest. */
const apiFunctions: Readonly<Record<ApiFunctionName, ApiFunction<Dependencies>>> = {
  'account-configurations': accountConfigurations,
  'account-status': accountStatus,
  accounts: accounts,
  activities: activities,
  approvals: approvals,
  audit: audit,
  'cancel-orders': cancelOrders,
  'close-positions': closePositions,
  config: config,
  'kill-switches': killSwitches,
  evidence: evidence,
  keys: keys,
  'market-data': marketData,
  openapi: openApi,
  parked: parked,
  'place-order': placeOrder,
  'portfolio-history': portfolioHistory,
  'read-account': readAccount,
  'read-market': readMarket,
  'read-orders': readOrders,
  'reference-prices': referencePrices,
  'replace-order': replaceOrder,
  surveillance: surveillance,
  'trade-events': tradeEvents,
  transfers: transfers,
  'venue-reports': venueReports,
  'webhook-deliveries': webhookDeliveries,
  webhooks: webhooks,
};

export interface ComposedFunction {
  readonly entry: HttpFunction;
  readonly handler: LambdaHandler;
}

/** Every HTTP function of the manifest, ready to be called as Lambda would. */
export function composeApi(dependencies: Dependencies): readonly ComposedFunction[] {
  return httpFunctions.map((entry) => ({
    entry,
    handler: wrap(entry, apiFunctions[entry.name](dependencies), dependencies),
  }));
}
