import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyWebhook } from '../../../docs/verify-webhook.ts';
import { webhookMessageSchema } from '../../../functions/api/shapes/webhook-message.ts';
import { type Answer, configWith, startTestCell, type TestCell, tradingHours } from '../../support/cell.ts';
import { type Behaviour, WebhookReceiver } from '../../support/webhook-receiver.ts';

const rules = {
  allowHttp: true,
  allowedNetworks: ['127.0.0.0/8'],
  ports: 'any',
  timeoutMs: 2_000,
  attemptsMax: 3,
  firstRetryMs: 60_000,
  suspendAfterParked: 2,
};

let cell: TestCell;
let receiver: WebhookReceiver;
beforeEach(async () => {
  cell = await startTestCell({ config: configWith({ webhooks: rules }) });
  receiver = await new WebhookReceiver().start();
});
afterEach(async () => {
  await cell.stop();
  await receiver.stop();
});

const ask = (route: string, body?: unknown, name: 'first' | 'second' = 'first', key?: string) =>
  cell.ask(cell.key(name), route, { body, headers: key === undefined ? {} : { 'idempotency-key': key } });
const create = (body: object = {}, key?: string) =>
  ask('POST /v2/webhooks', { url: receiver.url, ...body }, 'first', key);
const deliveries = async (id: string, query = '') =>
  (await ask(`GET /v2/webhooks/${id}/deliveries${query}`)).list;

/** All that happened is in the feed, and everything due now was tried. */
async function delivered(): Promise<void> {
  await cell.cell.views.drained();
  await cell.cell.dependencies.webhooks.dispatcher.pass(cell.deadline());
}

function minutesLater(minutes: number): void {
  cell.clock.set(new Date(Date.parse(tradingHours) + minutes * 60_000).toISOString());
}

async function created(body: object = {}): Promise<{ readonly id: string; readonly secret: string }> {
  const { id, secret } = (await create(body)).body;
  return { id: String(id), secret: String(secret) };
}

test('updates come in order, signed, and say what happened', async () => {
  const { id, secret } = await created();
  await cell.place();
  await cell.place({ side: 'sell' });
  await delivered();
  expect(receiver.events).toEqual(['1 pending_new', '2 rejected']);
  for (const { body, signature, webhookId } of receiver.received) {
    const message = webhookMessageSchema.parse(JSON.parse(body));
    expect(message.order.symbol).toBe('ALFA');
    expect(webhookId).toBe(id);
    const nowSeconds = Date.parse(tradingHours) / 1_000;
    expect(verifyWebhook({ body, signature, secrets: [secret], nowSeconds })).toBe(true);
  }
  expect(receiver.mostInWork).toBe(1);
  expect(await deliveries(id)).toMatchObject([
    { number: 2, event: 'rejected', status: 'delivered', attempts: 1, last_status: 200, next_try_at: null },
    { number: 1, event: 'pending_new', status: 'delivered' },
  ]);
});

test('only what happened after it was made is told', async () => {
  await cell.place();
  await cell.cell.views.drained();
  await created();
  await cell.place();
  await delivered();
  expect(receiver.events).toEqual(['2 pending_new']);
});

test('only what it asked for is told, and nothing else is a delivery', async () => {
  const { id } = await created({ events: ['rejected'] });
  await cell.place();
  await cell.place({ side: 'sell' });
  await delivered();
  expect(receiver.events).toEqual(['2 rejected']);
  expect(await deliveries(id)).toHaveLength(1);
});

test('accounts are told of their own orders alone', async () => {
  await created();
  await cell.place({}, cell.key('second'));
  await delivered();
  expect(receiver.received).toEqual([]);
});

const failures: readonly (readonly [Behaviour, string, number | null])[] = [
  [500, 'failed', 500],
  [404, 'refused', 404],
  ['redirect', 'redirected', 307],
  ['reset', 'unreachable', null],
  ['hang', 'timed_out', null],
  ['drip', 'timed_out', null],
  ['flood', 'answer_too_large', null],
];

test.each(failures)(
  'a receiver that does %s is tried again, with the same bytes',
  async (behaviour, error, status) => {
    const { id } = await created();
    receiver.next.push(behaviour);
    await cell.place();
    await delivered();
    const [failed] = await deliveries(id);
    expect(failed).toMatchObject({ status: 'retrying', attempts: 1, last_error: error, last_status: status });
    expect(receiver.received).toHaveLength(1);
    minutesLater(2);
    await delivered();
    const [first, second] = receiver.received;
    expect([second?.body, second?.delivery]).toEqual([first?.body, first?.delivery]);
    expect(second?.signature).not.toBe(first?.signature);
    expect(await deliveries(id)).toMatchObject([{ status: 'delivered', attempts: 2, last_error: null }]);
  },
);

test('nothing overtakes what failed, and what is given up stops nothing that comes after it', async () => {
  const { id } = await created();
  receiver.next.push(500, 500, 500);
  await cell.place();
  await cell.place({ side: 'sell' });
  await delivered();
  expect(receiver.events).toEqual(['1 pending_new']);
  minutesLater(10);
  await delivered();
  minutesLater(60);
  await delivered();
  expect(receiver.events).toEqual(['1 pending_new', '1 pending_new', '1 pending_new', '2 rejected']);
  expect(await deliveries(id, '?status=parked')).toMatchObject([
    { number: 1, attempts: 3, last_status: 500 },
  ]);

  const parked = await cell.ask(cell.key('administrator'), 'GET /v1/parked');
  expect(parked.list.find(({ consumer }) => consumer === 'webhooks')).toMatchObject({
    parked: 1,
    entries: [{ stream: `webhook-${id}`, version: 1, error: 'failed' }],
  });
  const asked = await ask(`POST /v2/webhooks/${id}/deliveries/1/redeliver`);
  expect([asked.status, asked.body['status']]).toEqual([202, 'retrying']);
  await delivered();
  expect(receiver.events.at(-1)).toBe('1 pending_new');
  expect(await deliveries(id)).toMatchObject([{ number: 2 }, { number: 1, status: 'delivered' }]);
});

test('an operator has everything that was given up tried once more', async () => {
  const { id } = await created();
  receiver.next.push(500, 500, 500);
  await cell.place();
  for (const minutes of [0, 10, 60]) {
    minutesLater(minutes);
    await delivered();
  }
  expect(await deliveries(id, '?status=parked')).toHaveLength(1);
  const { body } = await cell.ask(cell.key('administrator'), 'POST /v1/parked/webhooks/redrive');
  expect(body).toEqual({ consumer: 'webhooks', restored: 1, parked: 0 });
  await delivered();
  expect(await deliveries(id)).toMatchObject([{ number: 1, status: 'delivered' }]);
});

test('a receiver that is gone is suspended, and resumed by its owner without a loss', async () => {
  const { id } = await created();
  receiver.always = 503;
  for (let order = 1; order <= 4; order += 1) await cell.place();
  for (let hour = 0; hour <= 10; hour += 1) {
    minutesLater(hour * 60);
    await delivered();
  }
  expect((await ask(`GET /v2/webhooks/${id}`)).body).toMatchObject({ status: 'suspended' });
  expect(receiver.received).toHaveLength(6);
  receiver.always = 200;
  await delivered();
  expect(receiver.received).toHaveLength(6);
  const resumed = await ask(`PATCH /v2/webhooks/${id}`, { active: true });
  expect(resumed.body).toMatchObject({ status: 'active', suspended_at: null });
  await delivered();
  expect(receiver.events.slice(6)).toEqual(['3 pending_new', '4 pending_new']);
});

test('what happens while a webhook is paused is told when it goes on', async () => {
  const { id } = await created({ active: false });
  await cell.place();
  await delivered();
  expect(receiver.received).toEqual([]);
  await ask(`PATCH /v2/webhooks/${id}`, { active: true });
  await delivered();
  expect(receiver.events).toEqual(['1 pending_new']);
});

test('a receiver that hangs keeps nobody else waiting', async () => {
  const slow = await new WebhookReceiver().start();
  slow.always = 'hang';
  await created({ url: slow.url });
  await created();
  await cell.place();
  await cell.cell.views.drained();
  await Promise.all([slow.count(1), receiver.count(1)]);
  expect([slow.inWork, receiver.received.length]).toEqual([1, 1]);
  await slow.stop();
});

describe('secrets', () => {
  test('are shown once, and kept nowhere', async () => {
    const first = await create({}, 'k');
    const again = await create({}, 'k');
    const { secret, ...shown } = first.body;
    expect(secret).toMatch(/^whsec_[\w-]{43}$/);
    expect([again.status, again.body]).toEqual([201, shown]);
    expect((await ask('GET /v2/webhooks')).list).toEqual([shown]);
    const log = cell.cell.dependencies.store;
    const commits = await log.read(`webhook-${String(shown['id'])}`, 1, cell.deadline());
    expect(JSON.stringify(commits)).not.toContain(String(secret).slice(6));
  });

  test('overlap when rotated: both sign, then only the new one', async () => {
    const { id, secret } = await created();
    const rotated = await ask(`POST /v2/webhooks/${id}/rotate-secret`);
    const newer = String(rotated.body['secret']);
    expect(newer).not.toBe(secret);
    const isRight = (using: string, index: number, minutes: number) => {
      const { body = '', signature = '' } = receiver.received[index] ?? {};
      const nowSeconds = Date.parse(tradingHours) / 1_000 + minutes * 60;
      return verifyWebhook({ body, signature, secrets: [using], nowSeconds });
    };
    await cell.place();
    await delivered();
    expect([isRight(secret, 0, 0), isRight(newer, 0, 0)]).toEqual([true, true]);
    minutesLater(25 * 60);
    await cell.place();
    await delivered();
    expect([isRight(secret, 1, 1_500), isRight(newer, 1, 1_500)]).toEqual([false, true]);
  });
});

describe('where a webhook may lead', () => {
  let strict: TestCell;
  beforeAll(async () => {
    strict = await startTestCell();
  });
  afterAll(() => strict.stop());
  const refusal = async (url: unknown): Promise<Answer> =>
    strict.ask(strict.key('first'), 'POST /v2/webhooks', { body: { url } });

  test.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://user:password@example.com/',
    'https://example.com:22/',
    'https://example.com/#part',
    'ftp://example.com/',
    'file:///etc/passwd',
    '//example.com',
    'nonsense',
    `https://example.com/${'x'.repeat(2_048)}`,
  ])('%s is refused, with what would be right', async (url) => {
    const { status, body } = await refusal(url);
    expect([status, body['reason'], body['field']]).toEqual([422, 'field_invalid', 'url']);
  });

  test('a name that leads to a private address is not called, and its owner learns no more than of any other', async () => {
    const asked: string[] = [];
    const guarded = await startTestCell({
      resolve: async (name) => {
        asked.push(name);
        return ['10.0.0.7'];
      },
    });
    const body = { url: 'https://internal.example.com/hook' };
    const { body: hook } = await guarded.ask(guarded.key('first'), 'POST /v2/webhooks', { body });
    await guarded.place();
    await guarded.cell.views.drained();
    await guarded.cell.dependencies.webhooks.dispatcher.pass(guarded.deadline());
    const route = `GET /v2/webhooks/${String(hook['id'])}/deliveries`;
    const { list } = await guarded.ask(guarded.key('first'), route);
    expect(list).toMatchObject([{ status: 'retrying', last_error: 'unreachable', last_status: null }]);
    expect(asked).toEqual(['internal.example.com']);
    await guarded.stop();
  });
});

test('of two webhooks made at once the one too many is refused by the write', async () => {
  await cell.stop();
  cell = await startTestCell({ config: configWith({ webhooks: { ...rules, perAccountMax: 2 } }) });
  const answers = await Promise.all([1, 2, 3, 4].map(() => create()));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 403, 403]);
  expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({
    reason: 'maximum_webhooks',
    limit: '2',
  });
  const [one] = (await ask('GET /v2/webhooks')).list;
  expect((await ask(`DELETE /v2/webhooks/${String(one?.['id'])}`)).status).toBe(204);
  expect((await create()).status).toBe(201);
});

test('a deleted webhook is told nothing and is nobody’s', async () => {
  const { id } = await created();
  await cell.place();
  await delivered();
  await ask(`DELETE /v2/webhooks/${id}`);
  await cell.place();
  await delivered();
  expect(receiver.received).toHaveLength(1);
  for (const route of [
    `GET /v2/webhooks/${id}`,
    `GET /v2/webhooks/${id}/deliveries`,
    `DELETE /v2/webhooks/${id}`,
  ])
    expect((await ask(route)).body['reason']).toBe('webhook_not_found');
});

test('another account’s webhook is not found, whatever is asked of it', async () => {
  const { id } = await created();
  const routes = [
    `GET /v2/webhooks/${id}`,
    `PATCH /v2/webhooks/${id}`,
    `DELETE /v2/webhooks/${id}`,
    `POST /v2/webhooks/${id}/rotate-secret`,
    `GET /v2/webhooks/${id}/deliveries`,
    `POST /v2/webhooks/${id}/deliveries/1/redeliver`,
  ];
  for (const route of routes)
    expect([route, (await ask(route, undefined, 'second')).body['reason']]).toEqual([
      route,
      'webhook_not_found',
    ]);
});

test('what never was a webhook’s turn is not delivered once more', async () => {
  await cell.place();
  await cell.cell.views.drained();
  const { id } = await created();
  for (const number of ['1', '2', '0', 'x', '99999999999999999999'])
    expect((await ask(`POST /v2/webhooks/${id}/deliveries/${number}/redeliver`)).body['reason']).toBe(
      'delivery_not_found',
    );
});
