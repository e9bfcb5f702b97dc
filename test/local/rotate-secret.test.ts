import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyWebhook } from '../../docs/verify-webhook.ts';
import { restoreBackup } from '../../local/backup/restored.ts';
import { takeBackup } from '../../local/backup/take.ts';
import { timestamp } from '../../domain/values/time.ts';
import type { DemoKey } from '../../local/demo.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { unhurried } from '../../platform/deadline/deadline.ts';
import { ringKeysMax } from '../../platform/secrets/ring.ts';
import { secretFile } from '../../platform/secrets/secret-file.ts';
import { jsonLine, LineLog } from '../../platform/telemetry/line-log.ts';
import { noTracer } from '../../platform/telemetry/silent.ts';
import { secretsNeeded } from '../../platform/webhooks/secrets-needed.ts';
import { configWith, startTestCell, type TestCell, tradingHours } from '../support/cell.ts';
import { WebhookReceiver } from '../support/webhook-receiver.ts';

const script = resolve(import.meta.dirname, '../../local/rotate-secret.ts');
const rules = { allowHttp: true, allowedNetworks: ['127.0.0.0/8'], ports: 'any' };
const config = configWith({ webhooks: rules });

let folder = '';
let path = '';
let receiver: WebhookReceiver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rotate-secret-'));
  path = join(folder, secretFile);
  receiver = await new WebhookReceiver().start();
});
afterEach(async () => {
  await receiver.stop();
  rmSync(folder, { recursive: true });
});

async function run(...options: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...options]);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = Object(error);
    return { code: Number(code), out: String(stdout), err: String(stderr) };
  }
}

const start = (options: Parameters<typeof startTestCell>[0] = {}) =>
  startTestCell({ store: { kind: 'sqlite', folder }, config, ...options });
const rotate = () => run('--data', folder);
const keysIn = () => readFileSync(path, 'utf8').trimEnd().split('\n');

async function hook(cell: TestCell, key: DemoKey): Promise<{ id: string; secret: string }> {
  const { body } = await cell.ask(key, 'POST /v2/webhooks', { body: { url: receiver.url } });
  return { id: String(body['id']), secret: String(body['secret']) };
}

/** Which of the secrets what came to a webhook was signed with. */
async function signing(cell: TestCell, key: DemoKey, id: string, secrets: Readonly<Record<string, string>>) {
  receiver.received.length = 0;
  await cell.place({}, key);
  await cell.cell.views.drained();
  await cell.cell.dependencies.webhooks.dispatcher.pass(cell.deadline());
  const told = receiver.received.find(({ webhookId }) => webhookId === id);
  if (!told) throw new TypeError('it was told nothing');
  const nowSeconds = Date.parse(tradingHours) / 1_000;
  return Object.entries(secrets)
    .filter(([, secret]) => verifyWebhook({ ...told, secrets: [secret], nowSeconds }))
    .map(([name]) => name);
}

test('after a rotation webhooks of before and of after are signed with the secrets their owners know', async () => {
  const first = await start();
  const key = first.key('first');
  const old = await hook(first, key);
  await first.stop();
  expect((await rotate()).code).toBe(0);

  const second = await start();
  const fresh = await hook(second, key);
  const secrets = { old: old.secret, fresh: fresh.secret };
  expect(await signing(second, key, old.id, secrets)).toEqual(['old']);
  expect(await signing(second, key, fresh.id, secrets)).toEqual(['fresh']);

  const { body } = await second.ask(key, `POST /v2/webhooks/${old.id}/rotate-secret`);
  expect(body).toMatchObject({ secret_lost: false, previous_secret_until: expect.any(String) });
  const both = { ...secrets, rotated: String(body['secret']) };
  expect(await signing(second, key, old.id, both), 'both sign, each of its own master secret').toEqual([
    'old',
    'rotated',
  ]);
  await second.stop();

  // Without the key of before only what was derived from it is over.
  writeFileSync(path, `${keysIn()[0]}\n`);
  const third = await start();
  expect(await signing(third, key, old.id, both)).toEqual(['rotated']);
  expect(await signing(third, key, fresh.id, both)).toEqual(['fresh']);
  await third.stop();
});

test('a webhook of a key of before is suspended for its receiver alone, one without its key for that', async () => {
  const impatient = configWith({ webhooks: { ...rules, attemptsMax: 1, suspendAfterParked: 1 } });
  const first = await start({ config: impatient });
  const key = first.key('first');
  const { id } = await hook(first, key);
  await first.stop();
  await rotate();
  const [, old = ''] = keysIn();
  const lines: string[] = [];
  const telemetry = { log: new LineLog((text) => lines.push(text), jsonLine('test')), tracer: noTracer };
  const suspended = async () => {
    const cell = await start({ config: impatient, telemetry });
    await cell.ask(key, `PATCH /v2/webhooks/${id}`, { body: { active: true } });
    await cell.place({}, key);
    await cell.cell.views.drained();
    await cell.cell.dependencies.webhooks.dispatcher.pass(cell.deadline());
    const { body } = await cell.ask(key, `GET /v2/webhooks/${id}`);
    await cell.stop();
    telemetry.log.flush();
    const said = lines
      .splice(0)
      .join('')
      .match(/"isSecretLost":\w+/g);
    return [body['status'], body['secret_lost'], said];
  };
  receiver.always = 500;
  expect(await suspended()).toEqual(['suspended', false, ['"isSecretLost":false']]);
  writeFileSync(path, `${keysIn()[0]}\n`);
  expect(await suspended()).toEqual(['suspended', true, ['"isSecretLost":true']]);
  writeFileSync(path, `${keysIn()[0]}\n${old}\n`);
  expect(await suspended(), 'its key is back').toEqual(['suspended', false, ['"isSecretLost":false']]);
});

test('a rotation says which key is new and how many are kept, never a key, and a backup takes them all', async () => {
  await (await start()).stop();
  const { code, out, err } = await rotate();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /^new master secret, known by its fingerprint: [\w-]{11}\nkept for what was derived from them: 1\n$/,
  );
  for (const key of keysIn()) expect(out).not.toContain(key);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const [backup, restored] = [join(folder, 'backup'), join(folder, 'restored')];
  await takeBackup(folder, backup, systemClock.now());
  await restoreBackup(backup, restored, undefined);
  expect(readFileSync(join(restored, secretFile), 'utf8')).toBe(readFileSync(path, 'utf8'));
});

test('a full ring drops what no webhook needs, and nothing else', async () => {
  const cell = await start();
  await hook(cell, cell.key('first'));
  await cell.stop();
  const [needed] = keysIn();
  while (keysIn().length < ringKeysMax - 1) writeFileSync(path, `${madeUp()}\n${readFileSync(path, 'utf8')}`);
  expect((await rotate()).out).toContain(`from them: ${ringKeysMax - 1}\n`);
  expect((await rotate()).out).toContain('from them: 1\n');
  expect(keysIn().at(-1)).toBe(needed);
});

test('a webhook needs the key of the secret before for as long as that signs, and none once it is deleted', async () => {
  const first = await start();
  const key = first.key('first');
  const { id } = await hook(first, key);
  await first.stop();
  await rotate();
  const cell = await start();
  await cell.ask(key, `POST /v2/webhooks/${id}/rotate-secret`);
  const { store, webhooks } = cell.cell.dependencies;
  const { secret, previous } = (await webhooks.subscriptions.find(id, cell.deadline())) ?? {};
  if (!secret || !previous) throw new TypeError('nothing overlaps');
  const neededAt = async (now: number) => [...(await secretsNeeded(store, timestamp(now), unhurried))];
  expect(await neededAt(previous.until - 1)).toEqual([secret.from, previous.from]);
  expect(await neededAt(previous.until)).toEqual([secret.from]);
  await cell.ask(key, `DELETE /v2/webhooks/${id}`);
  expect(await neededAt(0)).toEqual([]);
  await cell.stop();
});

function madeUp(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
}

test('is refused while a cell has the folder, where there is none, and where there are no files', async () => {
  const cell = await start();
  const before = readFileSync(path, 'utf8');
  expect(await rotate()).toMatchObject({ code: 2, err: expect.stringContaining('is in use by') });
  expect(readFileSync(path, 'utf8')).toBe(before);
  await cell.stop();
  const nowhere = join(folder, 'none');
  expect(await run('--data', nowhere)).toMatchObject({ code: 2, err: `there is no cell in ${nowhere}\n` });
  const elsewhere = ['--store', 'dynamodb', '--endpoint', 'http://127.0.0.1:1'];
  expect(await run(...elsewhere)).toMatchObject({ code: 2, err: expect.stringContaining('data folder') });
});
