import * as administration from './manifest/administration.ts';
import * as consumers from './manifest/consumers.ts';
import type { FunctionEntry } from './manifest/entry.ts';
import * as schedules from './manifest/schedules.ts';
import * as sockets from './manifest/sockets.ts';
import * as trading from './manifest/trading.ts';

export type {
  FunctionEntry,
  HttpRoute,
  Method,
  Rights,
  RouteKey,
  TableName,
  Trigger,
} from './manifest/entry.ts';

/**
 * The one list of functions. The cloud's infrastructure and rights are made from it, the embedded cell's routes too: a route that
 * exists in one and not in the other is impossible.
 */
export const manifest = [
  trading.openapi,
  trading.placeOrder,
  trading.replaceOrder,
  trading.cancelOrders,
  trading.readOrders,
  trading.readAccount,
  trading.tradeEvents,
  trading.accountConfigurations,
  trading.activities,
  trading.portfolioHistory,
  trading.closePositions,
  trading.readMarket,
  trading.webhooks,
  trading.webhookDeliveries,
  trading.marketData,
  administration.accounts,
  administration.accountStatus,
  administration.transfers,
  administration.approvals,
  administration.config,
  administration.killSwitches,
  administration.surveillance,
  administration.keys,
  administration.referencePrices,
  administration.venueReports,
  administration.parked,
  administration.audit,
  administration.evidence,
  consumers.views,
  consumers.applyVenueReports,
  consumers.venue,
  consumers.linkedOrders,
  consumers.stopWatch,
  sockets.tradeUpdates,
  sockets.pushUpdates,
  consumers.relay,
  consumers.archive,
  schedules.archiveRoots,
  schedules.reconcile,
  schedules.lostConnections,
  schedules.sessions,
  schedules.sweep,
  schedules.sweepOrders,
  schedules.sweepBooks,
  schedules.deliverWebhooks,
  schedules.enforceKillSwitch,
  schedules.respondToBreaches,
  consumers.checkConfig,
  consumers.rotateMasterSecret,
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
