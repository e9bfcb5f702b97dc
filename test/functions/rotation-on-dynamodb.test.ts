import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyWebhook } from '../../docs/verify-webhook.ts';
import { wrap } from '../../functions/api/door/wrap.ts';
import { webhooks as webhookRoutes } from '../../functions/api/webhooks.ts';
import { doorOf } from '../../functions/compose-ground.ts';
import type { Door, Reaching } from '../../functions/dependencies.ts';
import { handler as accounts } from '../../functions/entries/accounts.ts';
import { handler as keys } from '../../functions/entries/keys.ts';
import { handler as placeOrder } from '../../functions/entries/place-order.ts';
import { handler as referencePrices } from '../../functions/entries/reference-prices.ts';
import { handler as relay } from '../../functions/entries/relay.ts';
import { handler as rotateMasterSecret } from '../../functions/entries/rotate-master-secret.ts';
import { handler as transfers } from '../../functions/entries/transfers.ts';
import { handler as views } from '../../functions/entries/views.ts';
import type { ApiHandler } from '../../functions/lambda/api.ts';
import { withAccountFeed } from '../../functions/lambda/parts.ts';
import { stand } from '../../functions/lambda/standing.ts';
import { surroundingsOf } from '../../functions/lambda/surroundings.ts';
import { withWebhooks } from '../../functions/lambda/webhooks.ts';
import type { RouteKey } from '../../functions/manifest.ts';
import { webhooks as declared } from '../../functions/manifest/trading.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { deliverWebhooks } from '../../functions/schedules/deliver-webhooks.ts';
import { configWith } from '../support/cell.ts';
import { answerOf, apiRequest, contextWith, type LambdaCall, type LambdaKey } from '../support/lambda.ts';
import { type LambdaCell, startLambdaCell } from '../support/lambda-cell.ts';
import { onDynamoDb } from '../support/on-dynamodb.ts';
import { queueBatch } from '../support/queue-batch.ts';
import { SecretsLoopback } from '../support/secrets-loopback.ts';
import { WebhookReceiver } from '../support/webhook-receiver.ts';

const callMs = 20_000;
type Process = Door & Reaching<'accountFeed' | 'webhooks'>;

const rules = { allowHttp: true, allowedNetworks: ['127.0.0.0/8'], ports: 'any' };

await onDynamoDb('a cell whose master secret is rotated', (endpoint) => {
  let cell: LambdaCell;
  let receiver: WebhookReceiver;
  let trader: LambdaKey;
  let account = '';
  /** A process that was there before the rotation, and one that was not. */
  let before: Process;
  let after: Process;
  const secretOf = new Map<string, string>();

  async function aProcess(): Promise<Process> {
    const on = await stand(await surroundingsOf(process.env), declared.rights);
    const feed = withAccountFeed(on);
    return { ...doorOf(on), ...feed, ...withWebhooks(on, feed) };
  }

  async function call(handler: ApiHandler, route: RouteKey, asked: LambdaCall) {
    const answer = answerOf(await handler(apiRequest(route, asked), contextWith(callMs)));
    expect([route, answer.status]).toEqual([route, expect.toSatisfy((status: number) => status < 300)]);
    return answer.body;
  }
  const operate = (handler: ApiHandler, route: RouteKey, asked: LambdaCall) =>
    call(handler, route, { key: cell.administrator, ...asked });

  function ask(by: Process, route: RouteKey, asked: LambdaCall = {}) {
    return call(wrap(declared, webhookRoutes(by), by), route, { key: trader, ...asked });
  }

  async function hook(by: Process): Promise<string> {
    const { id, secret } = await ask(by, 'POST /v2/webhooks', { body: { url: receiver.url } });
    secretOf.set(id, secret);
    return id;
  }

  const rotate = () =>
    cell.secrets.rotate((request) => {
      const asked = { Step: '', SecretId: '', ClientRequestToken: '', ...request };
      return rotateMasterSecret(asked, contextWith(callMs));
    });

  /** An order, from the log to what each webhook was told of it: whether it was signed with the secret its owner knows. */
  async function signed(by: Process): Promise<Readonly<Record<string, boolean>>> {
    receiver.received.length = 0;
    const order = {
      symbol: 'ALFA',
      side: 'buy',
      type: 'limit',
      time_in_force: 'gtc',
      qty: '1',
      limit_price: '90',
    };
    await call(placeOrder, 'POST /v2/orders', { key: trader, body: order });
    await relay({ Records: await cell.changes() }, contextWith(callMs));
    const entries = cell.bus.taken.splice(0);
    for (let from = 0; from < entries.length; from += 10)
      await views(queueBatch(entries.slice(from, from + 10)), contextWith(callMs));
    const { webhooks, clock } = by;
    await deliverWebhooks({ dispatcher: webhooks.dispatcher, clock })();
    const nowSeconds = Date.now() / 1_000;
    return Object.fromEntries(
      receiver.received.map((told) => {
        const secrets = [secretOf.get(told.webhookId) ?? ''];
        return [told.webhookId, verifyWebhook({ ...told, secrets, nowSeconds })];
      }),
    );
  }

  beforeAll(async () => {
    cell = await startLambdaCell(endpoint);
    receiver = await new WebhookReceiver().start();
    cell.appConfig.answer = { kind: 'config', text: JSON.stringify(configWith({ webhooks: rules })) };
    Object.assign(process.env, cell.environment);
    account = (await operate(accounts, 'POST /v1/accounts', { body: {} })).id;
    await operate(transfers, 'POST /v1/accounts/{account_id}/transfers', {
      path: { account_id: account },
      headers: { 'idempotency-key': 'funds' },
      body: { direction: 'INCOMING', amount: '100000' },
    });
    const key = await operate(keys, 'POST /v1/keys', { body: { role: 'client', account_id: account } });
    trader = { keyId: key.id, secret: key.secret };
    const path = { symbol: 'ALFA' };
    await operate(referencePrices, 'PUT /v1/instruments/{symbol}/reference-price', {
      path,
      body: { price: '100' },
    });
    before = await aProcess();
  });
  afterAll(async () => {
    await cell.stop();
    await receiver.stop();
  });

  test('webhooks of before and after are signed with what their owners know, by processes of before and after', async () => {
    const old = await hook(before);
    expect(await signed(before)).toEqual({ [old]: true });
    expect(cell.secrets.reads).toBe(1);

    await rotate();
    after = await aProcess();
    const fresh = await hook(after);
    const { webhooks, clock } = after;
    const keyOf = async (id: string) =>
      (await webhooks.subscriptions.find(id, deadlineIn(callMs, clock)))?.secret.from;
    expect(await keyOf(fresh)).not.toBe(await keyOf(old));
    expect(await signed(before)).toEqual({ [old]: true, [fresh]: true });
    expect(await signed(after)).toEqual({ [old]: true, [fresh]: true });

    // Its owner rotates: the secret before signs for a day more, though it is derived from another key.
    const known = secretOf.get(old) ?? '';
    const path = { webhook_id: old };
    const rotated = await ask(after, 'POST /v2/webhooks/{webhook_id}/rotate-secret', { path });
    expect(rotated).toMatchObject({ secret_lost: false, previous_secret_until: expect.any(String) });
    expect(rotated.secret).not.toBe(known);
    expect(await keyOf(old)).toBe(await keyOf(fresh));
    for (const secret of [known, rotated.secret]) {
      secretOf.set(old, secret);
      expect(await signed(before)).toEqual({ [old]: true, [fresh]: true });
    }
  });

  test('what the function is asked of another secret it refuses, and rotates this one as often as it is asked', async () => {
    const elsewhere = { Step: 'createSecret', SecretId: 'arn:of-another', ClientRequestToken: 'v' };
    await expect(rotateMasterSecret(elsewhere, contextWith(callMs))).rejects.toThrow(
      'is not the master secret',
    );
    const keysBefore = cell.secrets.text.split('\n');
    await rotate();
    const [, ...others] = cell.secrets.text.split('\n');
    expect(others).toEqual(keysBefore);
    expect(SecretsLoopback.arn).toBe(process.env['MASTER_SECRET_ARN']);
  });

  test('with Secrets Manager away what is known goes on being signed, and nobody is suspended for what is not', async () => {
    const late = await aProcess();
    await rotate();
    const newest = await hook(await aProcess());
    cell.secrets.isDown = true;
    const told = await signed(before);
    expect(Object.values(told)).toEqual([true, true]);
    expect(told).not.toHaveProperty(newest);
    expect(await signed(late)).toEqual({});
    cell.secrets.isDown = false;
    expect(Object.values(await signed(late))).toEqual([true, true, true]);
  });
});
