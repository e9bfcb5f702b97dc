import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Context } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { environmentNames } from '../../functions/environment.ts';
import {
  type FunctionName,
  functionNamed,
  type HttpRoute,
  httpFunctions,
  manifest,
  type RouteKey,
} from '../../functions/manifest.ts';
import { bundleAll } from '../../lib/bundle/bundle.ts';
import { answerOf, apiRequest, contextWith, type LambdaCall, type LambdaKey } from '../support/lambda.ts';
import { type LambdaCell, startLambdaCell } from '../support/lambda-cell.ts';
import { onDynamoDb } from '../support/on-dynamodb.ts';
import { RightsGate } from '../support/rights-gate.ts';
import { queueBatch } from '../support/queue-batch.ts';

type Handler = (request: unknown, context: Context) => Promise<unknown>;

const callMs = 20_000;

const bundles = mkdtempSync(join(tmpdir(), 'ordercell-bundled-'));
/** By Node alone: what runs tests would first translate each bundle, which takes longer than all that they do. */
const asDeployed = createRequire(import.meta.url);
const fileOf = (name: string) => resolve(bundles, name, 'index.mjs');

await onDynamoDb('the functions as they are deployed', behaves);

beforeAll(async () => {
  await bundleAll(bundles);
}, 120_000);
afterAll(() => rm(bundles, { recursive: true }));

function behaves(endpoint: string): void {
  async function invoke(name: FunctionName, request: unknown): Promise<unknown> {
    const { handler }: { readonly handler: Handler } = asDeployed(fileOf(name));
    gate.serving = functionNamed(name);
    try {
      return await handler(request, contextWith(callMs));
    } finally {
      gate.serving = undefined;
    }
  }

  async function call(route: RouteKey, asked: LambdaCall) {
    const entry = httpFunctions.find(({ trigger }) => trigger.routes.some((one) => one.route === route));
    if (!entry) throw new Error(`nobody serves ${route}`);
    return answerOf(Object(await invoke(entry.name, apiRequest(route, asked))));
  }

  let cell: LambdaCell;
  let gate: RightsGate;
  let trader: LambdaKey;
  let account: string;

  beforeAll(async () => {
    cell = await startLambdaCell(endpoint);
    const { environment } = cell;
    const tableIn = (name: string) => String(environment[name]);
    gate = await RightsGate.start(endpoint, {
      log: tableIn(environmentNames.logTable),
      items: tableIn(environmentNames.itemsTable),
      views: tableIn(environmentNames.viewsTable),
    });
    Object.assign(process.env, environment, {
      AWS_ENDPOINT_URL_DYNAMODB: gate.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: gate.endpoint,
    });
    const key = cell.administrator;
    const opened = await call('POST /v1/accounts', { key, body: {} });
    account = opened.body.id;
    const path = { account_id: account };
    const headers = { 'idempotency-key': 'funding' };
    const body = { direction: 'INCOMING', amount: '10000' };
    expect(
      await call('POST /v1/accounts/{account_id}/transfers', { key, path, headers, body }),
    ).toMatchObject({
      status: 200,
    });
    const issued = await call('POST /v1/keys', { key, body: { role: 'client', account_id: account } });
    trader = { keyId: issued.body.id, secret: issued.body.secret };
    await call('PUT /v1/instruments/{symbol}/reference-price', {
      key,
      path: { symbol: 'ALFA' },
      body: { price: '100' },
    });
  });
  afterAll(async () => {
    await cell.stop();
    await gate.stop();
  });
  afterEach(() => expect(gate.refused.splice(0)).toEqual([]));

  /** What the log's change feed and the bus do in the cloud: every change to relay and archive, every entry to every queue. */
  async function carryOn(): Promise<void> {
    for (let changes = await cell.changes(); changes.length > 0; changes = await cell.changes()) {
      for (const reader of ['relay', 'archive'] as const)
        expect(await invoke(reader, { Records: changes })).toEqual({ batchItemFailures: [] });
      const entries = cell.bus.taken.splice(0);
      for (const { name, trigger } of manifest) {
        if (trigger.kind !== 'bus') continue;
        const kinds: readonly string[] = trigger.streams;
        const ours = entries.filter((entry) => kinds.includes(String(Object(entry)['detail-type'])));
        if (ours.length === 0) continue;
        expect([name, await invoke(name, queueBatch(ours))]).toEqual([name, { batchItemFailures: [] }]);
      }
    }
  }

  const place = (body: object, key = trader) =>
    call('POST /v2/orders', {
      key,
      body: {
        symbol: 'ALFA',
        side: 'buy',
        type: 'limit',
        time_in_force: 'gtc',
        qty: '1',
        limit_price: '90',
        ...body,
      },
    });
  const listed = async () => {
    const { body } = await call('GET /v2/orders', { key: trader, query: { status: 'open' } });
    return body.map((order: { client_order_id: string }) => order.client_order_id);
  };

  test('an order is placed, carried to the lists and the book, replaced and canceled', async () => {
    const { status, body: placed } = await place({ client_order_id: 'one' });
    expect(status).toBe(200);
    await carryOn();
    expect(await listed()).toEqual(['one']);

    const path = { order_id: placed.id };
    const replaced = await call('PATCH /v2/orders/{order_id}', { key: trader, path, body: { qty: '2' } });
    expect(replaced.status).toBe(200);
    await carryOn();
    const canceled = await call('DELETE /v2/orders/{order_id}', {
      key: trader,
      path: { order_id: replaced.body.id },
    });
    expect(canceled.status).toBe(204);
    await carryOn();
    expect(await listed()).toEqual([]);
    const { body: events } = await call('GET /v2/orders/{order_id}/events', { key: trader, path });
    expect(JSON.stringify(events)).toContain('OrderCanceled');
  });

  test('two persons undo a trade of our own book, which is loaded when they do', async () => {
    const key = cell.administrator;
    const newKey = async (body: object): Promise<LambdaKey> => {
      const { id: keyId, secret } = (await call('POST /v1/keys', { key, body })).body;
      return { keyId, secret };
    };
    const { id: sellerId } = (await call('POST /v1/accounts', { key, body: {} })).body;
    await call('POST /v1/accounts/{account_id}/transfers', {
      key,
      path: { account_id: sellerId },
      headers: { 'idempotency-key': 'shares' },
      body: { direction: 'INCOMING', symbol: 'ALFA', qty: '1' },
    });
    const seller = await newKey({ role: 'client', account_id: sellerId });
    const { body: bought } = await place({ limit_price: '99' });
    const { body: sold } = await place({ limit_price: '99', side: 'sell' }, seller);
    await carryOn();
    const statusOf = async ({ id }: { id: string }, of: LambdaKey) =>
      (await call('GET /v2/orders/{order_id}', { key: of, path: { order_id: id } })).body.status;
    expect([await statusOf(bought, trader), await statusOf(sold, seller)]).toEqual(['filled', 'filled']);

    const path = { order_id: bought.id };
    const { body: events } = await call('GET /v2/orders/{order_id}/events', { key: trader, path });
    const [, executionId] = /"executionId":"([^"]+)"/.exec(JSON.stringify(events)) ?? [];
    const asked = await call('POST /v1/orders/{order_id}/reports', {
      key: await newKey({ role: 'operator', person_id: 'olga' }),
      path,
      headers: { 'idempotency-key': 'undo' },
      body: { report: 'bust', execution_id: executionId },
    });
    expect(asked.status).toBe(202);
    const granted = await call('POST /v1/approvals/{approval_id}/approve', {
      key: await newKey({ role: 'operator', person_id: 'otto' }),
      path: { approval_id: asked.body.approval.id },
    });
    expect(granted.status).toBe(200);
    await carryOn();
    expect([await statusOf(bought, trader), await statusOf(sold, seller)]).toEqual(['canceled', 'canceled']);
  });

  test('an operator can attend to every consumer and to the relay, and nothing is parked', async () => {
    const { body } = await call('GET /v1/parked', { key: cell.administrator });
    const parked = body.map((one: { consumer: string; parked: number }) => [
      one.consumer.replace(/-\d+$/, ''),
      one.parked,
    ]);
    expect(parked.toSorted()).toEqual(
      [
        'account-feed',
        'linked-orders',
        'relay',
        'stop-watch',
        'surveillance',
        'venue',
        'venue-reports',
        'views',
        'webhooks',
      ].map((consumer) => [consumer, 0]),
    );
  });

  test('every schedule runs', async () => {
    for (const { name, trigger } of manifest)
      if (trigger.kind === 'schedule') expect([name, await invoke(name, {})]).toEqual([name, undefined]);
  });

  test('who listens over the gateway hears of an order', async () => {
    const requestContext = { eventType: 'MESSAGE', connectionId: 'c1', identity: { sourceIp: '192.0.2.7' } };
    const { keyId, secret } = trader;
    for (const message of [
      { action: 'authenticate', data: { key_id: keyId, secret_key: secret } },
      { action: 'listen', data: { streams: ['trade_updates'] } },
    ])
      await invoke('trade-updates', { requestContext, body: JSON.stringify(message) });
    await place({});
    await carryOn();
    const Records = await cell.viewsChanges();
    expect(await invoke('push-updates', { Records })).toEqual({ batchItemFailures: [] });
    const heard = cell.gateway.heard('c1').map((frame) => Object(frame).stream);
    expect(heard.slice(0, 3)).toEqual(['authorization', 'listening', 'trade_updates']);
  });

  test('a webhook is created with its secret, and its deliveries can be looked at', async () => {
    const body = { url: 'https://example.com/hook' };
    const made = await call('POST /v2/webhooks', { key: trader, body });
    expect(made).toMatchObject({ status: 201, body: { secret: expect.any(String) } });
    const path = { webhook_id: made.body.id };
    const seen = await call('GET /v2/webhooks/{webhook_id}/deliveries', { key: trader, path });
    expect(seen).toMatchObject({ status: 200, body: [] });
  });

  test('every route that only reads is answered', async () => {
    const key = cell.administrator;
    const path = { account_id: account, symbol: 'ALFA', symbol_or_asset_id: 'ALFA' };
    for (const { trigger } of httpFunctions)
      for (const { route, access } of trigger.routes) {
        if (!route.startsWith('GET ') || 'streams' in trigger) continue;
        const { status } = await call(route, { key: access === 'trading' ? trader : key, path });
        expect([route, [200, 404, 422].includes(status ?? 0)]).toEqual([route, true]);
      }
  });

  test('every route that writes refuses what is of nothing', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    const path = { account_id: id, order_id: id, symbol_or_asset_id: 'NONE' };
    for (const { name, trigger } of httpFunctions) {
      const routes: readonly HttpRoute[] = trigger.routes;
      for (const { route, access } of routes) {
        if (route.startsWith('GET ')) continue;
        const key = access === 'trading' ? trader : cell.administrator;
        const { status = 0 } = await call(route, { key, path, body: {} });
        expect([name, route, status >= 200 && status < 500]).toEqual([name, route, true]);
      }
    }
  });
}
