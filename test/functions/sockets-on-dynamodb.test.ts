import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handler as accountConfigurations } from '../../functions/entries/account-configurations.ts';
import { handler as accounts } from '../../functions/entries/accounts.ts';
import { handler as keys } from '../../functions/entries/keys.ts';
import { handler as lostConnections } from '../../functions/entries/lost-connections.ts';
import { handler as placeOrder } from '../../functions/entries/place-order.ts';
import { handler as push } from '../../functions/entries/push-updates.ts';
import { handler as readOrders } from '../../functions/entries/read-orders.ts';
import { handler as referencePrices } from '../../functions/entries/reference-prices.ts';
import { handler as relay } from '../../functions/entries/relay.ts';
import { handler as tradeUpdates } from '../../functions/entries/trade-updates.ts';
import { handler as transfers } from '../../functions/entries/transfers.ts';
import { handler as views } from '../../functions/entries/views.ts';
import type { ApiHandler } from '../../functions/lambda/api.ts';
import { functionNamed, type RouteKey } from '../../functions/manifest.ts';
import { withAccountFeed, withAccounts, withOrders, withViews } from '../../functions/lambda/parts.ts';
import { socketsIn } from '../../functions/lambda/sockets.ts';
import { doorOf } from '../../functions/compose-ground.ts';
import { stand } from '../../functions/lambda/standing.ts';
import { surroundingsOf } from '../../functions/lambda/surroundings.ts';
import {
  resumedMax,
  type SocketCall,
  tradeUpdates as answerSockets,
  type TradeUpdatesDependencies,
} from '../../functions/sockets/trade-updates.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { StoreUnavailable } from '../../platform/event-store/errors.ts';
import { headItem } from '../../platform/account-feed/dynamodb-items.ts';
import type { ChangeRecord } from '../../platform/change-feed/records.ts';
import { answerOf, apiRequest, contextWith, type LambdaCall, type LambdaKey } from '../support/lambda.ts';
import { type LambdaCell, startLambdaCell } from '../support/lambda-cell.ts';
import { localClient, onDynamoDb } from '../support/on-dynamodb.ts';
import { queueBatch } from '../support/queue-batch.ts';

const callMs = 20_000;

await onDynamoDb('clients of /stream that API Gateway holds', (endpoint) => {
  let cell: LambdaCell;
  let account = '';
  let trader: LambdaKey;
  let made = 0;

  async function call(handler: ApiHandler, route: RouteKey, asked: LambdaCall = {}) {
    const answer = answerOf(await handler(apiRequest(route, { key: trader, ...asked }), contextWith(callMs)));
    expect([route, answer.status]).toEqual([route, expect.toSatisfy((status: number) => status < 300)]);
    return answer.body;
  }
  const operate: typeof call = (handler, route, asked) =>
    call(handler, route, { key: cell.administrator, ...asked });

  async function newKey(): Promise<LambdaKey> {
    const body = { role: 'client', account_id: account };
    const { id, secret } = await operate(keys, 'POST /v1/keys', { body });
    return { keyId: id, secret };
  }

  beforeAll(async () => {
    cell = await startLambdaCell(endpoint);
    Object.assign(process.env, cell.environment);
    const path = { symbol: 'ALFA' };
    await operate(referencePrices, 'PUT /v1/instruments/{symbol}/reference-price', {
      path,
      body: { price: '100' },
    });
  });
  afterAll(() => cell.stop());

  /** Each test has an account of its own. */
  beforeEach(newAccount);

  async function newAccount(): Promise<void> {
    made += 1;
    account = (await operate(accounts, 'POST /v1/accounts', { body: {} })).id;
    const headers = { 'idempotency-key': `funds-${made}` };
    const body = { direction: 'INCOMING', amount: '100000' };
    const path = { account_id: account };
    await operate(transfers, 'POST /v1/accounts/{account_id}/transfers', { path, headers, body });
    trader = await newKey();
  }

  const client = (name: string) => `${name}-${made}`;
  const heard = (name: string) => cell.gateway.heard(client(name));
  /** The kinds of updates, and the numbers they came under. */
  const updates = (name: string) =>
    heard(name).map((message) => {
      const { data } = Object(message);
      return `${data.event} ${data.event_id}`;
    });

  type EventType = SocketCall['requestContext']['eventType'];
  function callOf(eventType: EventType, name: string, message?: unknown): SocketCall {
    const requestContext = { eventType, connectionId: client(name), identity: { sourceIp: '192.0.2.7' } };
    const body = typeof message === 'string' ? message : JSON.stringify(message);
    return { requestContext, body };
  }
  const event = (...said: Parameters<typeof callOf>) => tradeUpdates(callOf(...said), contextWith(callMs));
  const say = (name: string, message: unknown) => event('MESSAGE', name, message);
  const listen = (name: string, more: object = {}) =>
    say(name, { action: 'listen', data: { streams: ['trade_updates'], ...more } });

  async function connect(name: string, { keyId, secret }: LambdaKey = trader): Promise<void> {
    expect(await event('CONNECT', name)).toEqual({ statusCode: 200 });
    await say(name, { action: 'authenticate', data: { key_id: keyId, secret_key: secret } });
  }

  /** The function with a grace that a test can wait for. */
  async function ofImpatience(broken: Partial<TradeUpdatesDependencies> = {}) {
    const surroundings = await surroundingsOf(process.env);
    const { rights } = functionNamed('trade-updates');
    const on = await stand(surroundings, rights);
    const reached = { ...withOrders(on), ...withAccounts(on), ...withViews(on), ...withAccountFeed(on) };
    const times = { graceMs: 50, everyMs: 50 };
    const answer = answerSockets({ ...doorOf(on), ...reached, ...socketsIn(surroundings), times, ...broken });
    return (...said: Parameters<typeof callOf>) => answer(callOf(...said), deadlineIn(10_000, systemClock));
  }

  const listening = { stream: 'listening', data: { streams: ['trade_updates'] } };
  const authorized = { stream: 'authorization', data: { action: 'authenticate', status: 'authorized' } };

  async function follow(name: string, more: object = {}): Promise<void> {
    await connect(name);
    await listen(name, more);
    expect(heard(name)).toEqual([authorized, listening]);
    await tell();
  }

  /** An order that waits for the venue of a connector: it is not in the way of anything. */
  const place = () =>
    call(placeOrder, 'POST /v2/orders', {
      body: { symbol: 'ALFA', side: 'buy', type: 'limit', time_in_force: 'gtc', qty: '1', limit_price: '90' },
    });

  /** From the log to the feed of the account, as relay and queue do; nobody is told of it. */
  async function carry(): Promise<void> {
    await relay({ Records: await cell.changes() }, contextWith(callMs));
    const entries = cell.bus.taken.splice(0);
    for (let from = 0; from < entries.length; from += 10)
      await views(queueBatch(entries.slice(from, from + 10)), contextWith(callMs));
  }

  const news = async (): Promise<readonly ChangeRecord[]> =>
    (await cell.viewsChanges()).filter(({ eventName }) => eventName === 'INSERT');
  async function tell(records?: readonly ChangeRecord[]): Promise<void> {
    const Records = records ?? (await news());
    const failed = await push({ Records }, contextWith(callMs)).then(
      ({ batchItemFailures }) => batchItemFailures.length > 0,
      () => true,
    );
    // What fails, the mapping brings again.
    if (failed) expect(await push({ Records }, contextWith(callMs))).toEqual({ batchItemFailures: [] });
  }
  const happens = async (): Promise<void> => {
    await place();
    await carry();
    await tell();
  };

  describe('who listens', () => {
    test('hears what happens from then on, in order and once, under the numbers of the feed', async () => {
      await happens();
      await follow('one');
      await place();
      await place();
      await carry();
      await tell();
      expect(updates('one')).toEqual(['pending_new 2', 'pending_new 3']);
      await happens();
      expect(updates('one')).toEqual(['pending_new 4']);
    });

    test('resumes by number, and hears what it missed before anything else', async () => {
      for (let order = 0; order < 3; order += 1) await happens();
      await follow('one', { since_id: '1' });
      expect(updates('one')).toEqual(['pending_new 2', 'pending_new 3']);
      await listen('one', { since_id: '2' });
      await tell();
      expect(heard('one')).toEqual([
        listening,
        { stream: 'trade_updates', data: expect.objectContaining({ event_id: '3' }) },
      ]);
    });

    test('is told once, though what wakes comes twice', async () => {
      await follow('one');
      await place();
      await carry();
      const records = await news();
      await tell(records);
      await tell(records);
      expect(updates('one')).toEqual(['pending_new 1']);
    });

    test('listening again begins nothing anew, and listening to nothing ends it', async () => {
      await follow('one');
      await listen('one');
      await happens();
      expect(heard('one')).toEqual([listening, expect.objectContaining({ stream: 'trade_updates' })]);
      await say('one', { action: 'listen', data: { streams: [] } });
      await happens();
      expect(heard('one')).toEqual([{ stream: 'listening', data: { streams: [] } }]);
    });

    test('that is too far behind is told how to get there', async () => {
      await connect('one');
      const dynamodb = localClient(endpoint);
      const Item = headItem({ accountId: account, revision: 1, latest: resumedMax + 1, time: 0 });
      await dynamodb.send(new PutItemCommand({ TableName: cell.environment['VIEWS_TABLE'], Item }));
      dynamodb.destroy();
      heard('one');
      await listen('one', { since_id: '0' });
      expect(heard('one')).toMatchObject([
        { data: { error_message: expect.stringContaining('GET /v2/events/trades?since_id') } },
      ]);
      await listen('one', { since_id: '1' });
      expect(heard('one')).toEqual([listening]);
    });
  });

  describe('who connects', () => {
    test('has to say whose connection it is', async () => {
      await event('CONNECT', 'one');
      await listen('one');
      expect(heard('one')).toMatchObject([{ data: { error_message: 'not authenticated' } }]);
      await connect('one', { ...trader, secret: 'guessed' });
      expect(heard('one')).toMatchObject([{ data: { status: 'unauthorized' } }]);
      expect(cell.gateway.ended).toContain(client('one'));
    });

    test.each(['{"action":', JSON.stringify({ action: 'trade' }), 'x'.repeat(20_000)])(
      'is told of what makes no sense, and goes on: %#',
      async (text) => {
        await connect('one');
        await say('one', text);
        expect(heard('one')).toMatchObject([authorized, { action: 'error' }]);
        await listen('one');
        expect(heard('one')).toEqual([listening]);
      },
    );

    test('twice is told so', async () => {
      await connect('one');
      await connect('one');
      expect(heard('one')).toMatchObject([authorized, { data: { error_message: 'already authenticated' } }]);
    });

    test('and was gone before anybody looked does not count as connected', async () => {
      for (let index = 0; index < 10; index += 1) {
        cell.gateway.states.set(client(`g${index}`), 'gone');
        await connect(`g${index}`);
      }
      await connect('one');
      expect(heard('one')).toEqual([authorized]);
    });

    test('has ten connections with a key, and another once one of them has ended', async () => {
      for (let index = 0; index < 10; index += 1) await connect(`c${index}`);
      await connect('more');
      expect(heard('more')).toMatchObject([
        { data: { error_message: expect.stringContaining('too many streams') } },
      ]);
      await event('DISCONNECT', 'c3');
      await connect('again');
      expect(heard('again')).toEqual([authorized]);
    });
  });

  describe('who is not there any more', () => {
    test('is told nothing, without the gateway having said that it went', async () => {
      await follow('one');
      await follow('two');
      cell.gateway.states.set(client('one'), 'gone');
      await happens();
      expect([updates('one'), updates('two')]).toEqual([[], ['pending_new 1']]);
      cell.gateway.states.set(client('one'), 'open');
      await happens();
      expect([updates('one'), updates('two')]).toEqual([[], ['pending_new 2']]);
    });

    test.each(['failing', 'stalled', 'forbidden'] as const)(
      'or cannot be reached (%s) holds up nobody, and resumes where it was',
      async (state) => {
        await follow('one');
        await follow('two');
        cell.gateway.states.set(client('one'), state);
        await happens();
        expect([updates('one'), updates('two')]).toEqual([[], ['pending_new 1']]);
        await follow('three', { since_id: '0' });
        expect(updates('three')).toEqual(['pending_new 1']);
      },
      20_000,
    );

    test('or whose key is revoked, hears why and no more', async () => {
      await follow('one');
      const path = { key_id: trader.keyId };
      await operate(keys, 'DELETE /v1/keys/{key_id}', { path });
      trader = await newKey();
      // Other processes hear of it within a second.
      await expect
        .poll(async () => (await happens(), cell.gateway.ended), { interval: 200 })
        .toContain(client('one'));
      expect(heard('one').at(-1)).toMatchObject({
        data: { error_message: 'the key is no longer in force' },
      });
      await happens();
      expect(heard('one')).toEqual([]);
    });
  });

  describe('an account that asked for it has its orders canceled', () => {
    let path: { readonly order_id: string };

    beforeEach(async () => {
      const body = { cancel_on_disconnect: true };
      await call(accountConfigurations, 'PATCH /v2/account/configurations', { body });
    });

    /** `one` is connected and listens, and so are `others`; an order is open. */
    async function follows(...others: readonly string[]): Promise<void> {
      for (const name of ['one', ...others]) await follow(name);
      path = { order_id: (await place()).id };
      await carry();
    }
    const status = async () => (await call(readOrders, 'GET /v2/orders/{order_id}', { path })).status;
    const vanishes = (name: string) => cell.gateway.states.set(client(name), 'gone');
    const lookForLost = () => lostConnections(undefined, contextWith(callMs));

    test('when the last of its connections is gone', async () => {
      await follows('two');
      const hears = await ofImpatience();
      await hears('DISCONNECT', 'one');
      expect(await status()).toBe('pending_new');
      await hears('DISCONNECT', 'two');
      expect(await status()).toBe('pending_cancel');
    });

    test('also where whoever had something to say noticed it first', async () => {
      await follows();
      vanishes('one');
      await tell();
      await (await ofImpatience())('DISCONNECT', 'one');
      expect(await status()).toBe('pending_cancel');
    });

    test('when a message of its connection failed, and it was ended over that', async () => {
      await follows();
      const latest = () => Promise.reject(new StoreUnavailable('no answer'));
      const failing = await ofImpatience({ accountFeed: { latest } });
      await failing('MESSAGE', 'one', {
        action: 'listen',
        data: { streams: ['trade_updates'], since_id: '0' },
      });
      expect(heard('one')).toMatchObject([{ action: 'error' }]);
      expect(cell.gateway.ended).toContain(client('one'));
      await failing('DISCONNECT', 'one');
      expect(await status()).toBe('pending_cancel');
    });

    test('when it is gone and the gateway never tells', async () => {
      await follows();
      await lookForLost();
      vanishes('one');
      await lookForLost();
      expect(await status()).toBe('pending_new');
      await lookForLost();
      expect(await status()).toBe('pending_cancel');
    });

    test('when who was told of its end died over it', async () => {
      await follows();
      const { register } = socketsIn(await surroundingsOf(process.env));
      const soon = deadlineIn(10_000, systemClock);
      const entry = await register.find(client('one'), soon);
      if (entry) await register.left(entry, soon);
      vanishes('one');
      await lookForLost();
      await lookForLost();
      expect(await status()).toBe('pending_cancel');
      expect(await register.find(client('one'), soon)).toBeUndefined();
    });

    test('not while another connection of it is there, though one is lost', async () => {
      await follows('two');
      vanishes('one');
      await lookForLost();
      await lookForLost();
      expect(await status()).toBe('pending_new');
      vanishes('two');
      await lookForLost();
      await lookForLost();
      expect(await status()).toBe('pending_cancel');
    });

    test('whatever the gateway says of the connections of others', async () => {
      await follows();
      const lost = client('one');
      await newAccount();
      await call(accountConfigurations, 'PATCH /v2/account/configurations', {
        body: { cancel_on_disconnect: true },
      });
      await connect('unknown');
      cell.gateway.states.set(lost, 'forbidden');
      vanishes('unknown');
      for (let pass = 0; pass < 2; pass += 1) await lookForLost();
      const { register } = socketsIn(await surroundingsOf(process.env));
      const soon = deadlineIn(10_000, systemClock);
      expect(await register.find(client('unknown'), soon)).toBeUndefined();
      expect(await register.find(lost, soon)).toMatchObject({ connectionId: lost });
      cell.gateway.states.set(lost, 'gone');
    });
  });
});
