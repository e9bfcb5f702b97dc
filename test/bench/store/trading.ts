import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { accountStream } from '../../../domain/account/state.ts';
import type { PlaceOrder } from '../../../domain/order/commands.ts';
import type { TradingRules } from '../../../domain/risk/rules.ts';
import { transferStream } from '../../../domain/transfer/state.ts';
import { assert } from '../../../domain/values/assert.ts';
import { type AccountId, accountId, clientOrderId, orderId } from '../../../domain/values/ids.ts';
import { money } from '../../../domain/values/money.ts';
import { account } from '../../../platform/aggregates/account.ts';
import { order } from '../../../platform/aggregates/order.ts';
import { transfer } from '../../../platform/aggregates/transfer.ts';
import { venueReport } from '../../../platform/aggregates/venue-report.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { CommandHandler } from '../../../platform/command-handler/command-handler.ts';
import type { CommandContext } from '../../../platform/command-handler/context.ts';
import { requestHashOf } from '../../../platform/command-handler/request-hash.ts';
import { deadlineIn, defaultCallMs } from '../../../platform/deadline/deadline.ts';
import { createTables } from '../../../platform/event-store/dynamodb-create-tables.ts';
import { DynamoDbEventStore } from '../../../platform/event-store/dynamodb.ts';
import type { Actor } from '../../../platform/event-store/port.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { VenueReporting } from '../../../platform/reporting/venue-reporting.ts';
import { fullEnvelope } from '../../support/commits.ts';
import { rulesAt } from '../../support/orders.ts';

export const client: Actor = {
  kind: 'client',
  id: randomUUID(),
  apiKeyId: 'AK3FQ7XN2M5RT8WZ6JYC',
  proof: 'api-key',
};
export const connector: Actor = {
  kind: 'venue',
  id: 'XSIM',
  apiKeyId: 'AK9LD4VB7HPK2SQE5GUA',
  proof: 'api-key',
};

/** The product's own aggregates on DynamoDB: what one process of ours holds. */
export type Trading = Awaited<ReturnType<typeof tradingOn>>;

export async function tradingOn(dynamodb: DynamoDBClient) {
  const tables = { log: `log-${randomUUID()}`, items: `items-${randomUUID()}` };
  await createTables(dynamodb, tables);
  const shared = {
    store: new DynamoDbEventStore({ client: dynamodb, tables, clock: systemClock, random: systemRandom }),
    clock: systemClock,
    random: systemRandom,
    cell: 'ap-southeast-1',
    onQuarantine: (stream: string, error: Error) => console.error(`${stream} went into quarantine`, error),
  };
  const orders = new CommandHandler({ ...shared, aggregate: order });
  const reports = new CommandHandler({ ...shared, aggregate: venueReport });
  return {
    store: shared.store,
    orders,
    reporting: new VenueReporting({ orders, reports, store: shared.store }),
    accounts: new CommandHandler({ ...shared, aggregate: account }),
    transfers: new CommandHandler({ ...shared, aggregate: transfer }),
    /** The orders of another process: nothing in its cache. */
    otherOrders: () => new CommandHandler({ ...shared, aggregate: order }),
  };
}

/** What goes with a command in practice: actor, correlation, trace and config, and a client's key. */
export function contextFor(actor: Actor, key?: string): CommandContext {
  const { correlationId, traceparent, config } = fullEnvelope();
  return {
    actor,
    deadline: deadlineIn(defaultCallMs, systemClock),
    ...(correlationId !== undefined && { correlationId }),
    ...(traceparent !== undefined && { traceparent }),
    ...(config !== undefined && { config }),
    ...(key !== undefined && { key: { commandId: key, requestHash: requestHashOf(key) } }),
  };
}

export async function openAccount({ accounts, transfers }: Trading, cents: number): Promise<AccountId> {
  const id = accountId(randomUUID());
  const open = { do: 'open', accountId: id, currency: 'USD' } as const;
  await accounts.handle(accountStream(id), open, contextFor(client, randomUUID()));
  const transferId = randomUUID();
  const paidIn = await transfers.handle(
    transferStream(transferId),
    {
      do: 'request',
      transferId,
      accountId: id,
      direction: 'in',
      requested: { asset: 'USD', amount: String(cents / 100) },
      asset: { kind: 'cash', currency: 'USD', amount: money(cents) },
      approvalAbove: 'unlimited',
      epoch: 1,
    },
    contextFor(client, randomUUID()),
  );
  assert(paidIn.outcome === 'committed', 'the account is funded');
  return id;
}

/** A limit order to buy at 100.00, with a fee of one basis point and a position limit in force. */
export function buy(buyer: AccountId, lots: number): PlaceOrder {
  return {
    do: 'place',
    orderId: orderId(randomUUID()),
    accountId: buyer,
    clientOrderId: clientOrderId(randomUUID()),
    symbol: 'ACME',
    side: 'buy',
    requested: { orderType: 'limit', timeInForce: 'day', quantity: String(lots), limitPrice: '100' },
    rules: rules(),
  };
}

function rules(): TradingRules {
  const inForce = rulesAt(systemClock.now());
  return {
    ...inForce,
    ...(inForce.instrument && { instrument: { ...inForce.instrument, positionMax: 10_000_000 } }),
    account: { ...inForce.account, openOrdersMax: 10_000, dayNotionalMax: 1_000_000_000_000 },
    fees: { ratePpm: 100, perLotMicros: 0, minimum: 0 },
  };
}
