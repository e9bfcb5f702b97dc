import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyWebhook } from '../../docs/verify-webhook.ts';
import { StoreUnavailable } from '../../platform/event-store/errors.ts';
import { secretFile } from '../../platform/secrets/secret-file.ts';
import { entriesMax, type FeedReader } from '../../platform/account-feed/port.ts';
import { deliveryFile } from '../../platform/webhooks/sqlite.ts';
import { configWith, startTestCell, type TestCell, tradingHours } from '../support/cell.ts';
import { WebhookReceiver } from '../support/webhook-receiver.ts';

const rules = {
  allowHttp: true,
  allowedNetworks: ['127.0.0.0/8'],
  ports: 'any',
  timeoutMs: 1_000,
  attemptsMax: 20,
  firstRetryMs: 1,
  longestRetryMs: 1,
};
const config = configWith({ webhooks: rules });

let folder = '';
let receiver: WebhookReceiver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
  receiver = await new WebhookReceiver().start();
});
afterEach(async () => {
  await receiver.stop();
  rmSync(folder, { recursive: true });
});

const start = () => startTestCell({ store: { kind: 'sqlite', folder }, config });
const numbersOf = (some: WebhookReceiver) => some.events.map((text) => Number(text.split(' ')[0]));

/** The first time each number came. */
function firstTold(): readonly number[] {
  return [...new Set(numbersOf(receiver))];
}

async function delivered(cell: TestCell): Promise<void> {
  await cell.cell.views.drained();
  await cell.cell.dependencies.webhooks.dispatcher.pass(cell.deadline());
}

test('a cell that is killed goes on where it was: everything is told, in order, and little of it twice', async () => {
  const script = join(import.meta.dirname, '../support/webhook-cell.ts');
  const child = spawn(process.execPath, [script, folder, receiver.url], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await receiver.count(25);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const told = receiver.received.length;
  const cell = await start();
  await delivered(cell);
  const { accountFeed, webhooks } = cell.cell.dependencies;
  const [hook] = await webhooks.subscriptions.all(cell.deadline());
  const numbers = await allNumbers(accountFeed, hook?.accountId ?? '', cell);
  expect(firstTold()).toEqual(numbers);
  // What was under way, and what was written down but not yet on the disk: no more than a moment’s work.
  expect(receiver.received.length - numbers.length).toBeLessThanOrEqual(2);
  expect(receiver.received.length).toBeGreaterThanOrEqual(told);
  await cell.stop();
});

async function allNumbers(feed: FeedReader, accountId: string, cell: TestCell): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (;;) {
    const page = await feed.entriesAfter(accountId, numbers.length, entriesMax, cell.deadline());
    if (page.length === 0) return numbers;
    numbers.push(...page.map(({ number }) => number));
  }
}

test.each(['before', 'after'] as const)(
  'a write that fails %s it was made, and receivers that fail, lose and reorder nothing',
  async (moment) => {
    const cell = await startTestCell({ config });
    const { key } = { key: cell.key('first') };
    await cell.ask(key, 'POST /v2/webhooks', { body: { url: receiver.url } });
    const { deliveries, dispatcher } = cell.cell.dependencies.webhooks;
    const advance = deliveries.advance.bind(deliveries);
    let writes = 0;
    Object.assign(deliveries, {
      advance: async (...parts: Parameters<typeof advance>) => {
        writes += 1;
        const fails = writes % 3 === 0;
        if (fails && moment === 'before') throw new StoreUnavailable('the disk is away');
        const written = await advance(...parts);
        if (fails) throw new StoreUnavailable('the answer was lost');
        return written;
      },
    });
    receiver.next.push(500, 'reset', 200, 'redirect', 200, 200, 503, 200, 'flood');
    for (let order = 1; order <= 10; order += 1) await cell.place({ qty: String(order) });
    await cell.cell.views.drained();
    for (let look = 1; look <= 40; look += 1) {
      cell.clock.set(new Date(Date.parse(tradingHours) + look * 10_000).toISOString());
      await dispatcher.pass(cell.deadline());
    }
    expect(firstTold()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const sorted = numbersOf(receiver).toSorted((a, b) => a - b);
    expect(numbersOf(receiver), 'a repeat comes at once, never after something newer').toEqual(sorted);
    await cell.stop();
  },
);

test('with the master secret lost nothing is signed with another, until its owner has rotated', async () => {
  const first = await start();
  const key = first.key('first');
  const { body } = await first.ask(key, 'POST /v2/webhooks', { body: { url: receiver.url } });
  const route = `/v2/webhooks/${String(body['id'])}`;
  expect(statSync(join(folder, secretFile)).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, deliveryFile)).mode & 0o777).toBe(0o600);
  await first.stop();
  rmSync(join(folder, secretFile));

  const second = await start();
  await second.place({}, key);
  await delivered(second);
  expect((await second.ask(key, `GET ${route}`)).body).toMatchObject({
    status: 'suspended',
    secret_lost: true,
  });
  expect(receiver.received).toEqual([]);
  const rotated = await second.ask(key, `POST ${route}/rotate-secret`);
  expect(rotated.body).toMatchObject({ secret_lost: false, previous_secret_until: null });
  await second.ask(key, `PATCH ${route}`, { body: { active: true } });
  await delivered(second);
  const [message] = receiver.received;
  if (!message) throw new TypeError('it was told nothing');
  const { body: text, signature } = message;
  const nowSeconds = Date.parse(tradingHours) / 1_000;
  const secrets = [String(rotated.body['secret'])];
  expect(verifyWebhook({ body: text, signature, secrets, nowSeconds })).toBe(true);
  expect(signature.match(/v1=/g)).toHaveLength(1);
  await second.stop();
});
