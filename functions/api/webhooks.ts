import { timestamp } from '../../domain/values/time.ts';
import type { Webhook } from '../../domain/webhook/state.ts';
import type { Deadline } from '../../platform/deadline/deadline.ts';
import { webhookIdOf } from '../../platform/ids/derived-ids.ts';
import { changeLine } from '../../platform/webhooks/change-line.ts';
import { newLine, resumed } from '../../platform/webhooks/line.ts';
import { receiverUrl } from '../../platform/webhooks/receiver-url.ts';
import { type WebhookRules, webhookRules } from '../../platform/webhooks/rules.ts';
import { secretOf, secretsInForce } from '../../platform/webhooks/signature.ts';
import type { Reaching } from '../dependencies.ts';
import type { TradingCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { noContent, ok, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';
import { changeWebhookBody, createWebhookBody, webhookJson } from './shapes/webhook-json.ts';
import { refusedBy } from './shared/outcomes.ts';
import { ownWebhook } from './shared/webhook-lookup.ts';

type Needs = Reaching<'accountFeed' | 'webhooks'>;

type Request = ApiRequest<TradingCaller>;

/** Where an account is told what happens to its orders. A secret is shown once, by the answer that made it. */
export const webhooks: ApiFunction<Needs> = (dependencies) => ({
  'POST /v2/webhooks': trading((request) => create(dependencies, request)),
  'GET /v2/webhooks': trading(async ({ caller, deadline }) => {
    const all = await dependencies.webhooks.subscriptions.ofAccount(caller.accountId, deadline);
    return ok(await Promise.all(all.map((one) => shown(dependencies, one, deadline))));
  }),
  'GET /v2/webhooks/{webhook_id}': trading(async (request) => {
    const found = await ownWebhook(dependencies, request);
    return found ? ok(await shown(dependencies, found, request.deadline)) : refused('webhook_not_found');
  }),
  'PATCH /v2/webhooks/{webhook_id}': trading((request) => change(dependencies, request)),
  'DELETE /v2/webhooks/{webhook_id}': trading(async (request) => {
    const found = await ownWebhook(dependencies, request);
    if (!found) return refused('webhook_not_found');
    await dependencies.webhooks.subscriptions.handle(found.webhookId, { do: 'delete' }, contextOf(request));
    return noContent;
  }),
  'POST /v2/webhooks/{webhook_id}/rotate-secret': trading((request) => rotate(dependencies, request)),
});

async function create(dependencies: Needs, request: Request): Promise<Reply> {
  const parsed = parse(createWebhookBody, request.body);
  if ('refusal' in parsed) return parsed.refusal;
  const { url, events = 'all', active = true } = parsed.value;
  const rules = rulesOf(dependencies);
  const wrong = wrongUrl(url, rules);
  if (wrong) return wrong;
  const { webhooks: all, accountFeed, random } = dependencies;
  const { accountId } = request.caller;
  const key = idempotencyKey(request);
  const webhookId = webhookIdOf(accountId, key ?? random.id());
  const asked = { url, events, active };
  const outcome = await all.subscriptions.handle(
    webhookId,
    {
      do: 'create',
      webhookId,
      accountId,
      ...asked,
      after: await accountFeed.latest(accountId, request.deadline),
      secretFrom: (await all.ring.newest(request.deadline)).fingerprint,
      openMax: rules.perAccountMax,
    },
    contextOf(request, { expectNew: true, ...(key !== undefined && { key: commandKey(key, asked) }) }),
  );
  const { state } = outcome;
  if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
  if (state.kind === 'denied') return refusedBy(state.denial);
  if (state.kind !== 'webhook') return refused('webhook_not_found');
  const body = await shown(dependencies, state, request.deadline);
  if (outcome.outcome !== 'committed') return replayed({ status: 201, body });
  return { status: 201, body: { ...body, secret: await newestOf(dependencies, state, request.deadline) } };
}

async function change(dependencies: Needs, request: Request): Promise<Reply> {
  const parsed = parse(changeWebhookBody, request.body === undefined ? {} : request.body);
  if ('refusal' in parsed) return parsed.refusal;
  const { url, events, active } = parsed.value;
  const wrong = url === undefined ? undefined : wrongUrl(url, rulesOf(dependencies));
  if (wrong) return wrong;
  const found = await ownWebhook(dependencies, request);
  if (!found) return refused('webhook_not_found');
  const { deliveries, subscriptions } = dependencies.webhooks;
  const { webhookId, after } = found;
  // Before it is active again: the count of what was parked in a row would suspend it at once.
  if (active === true || url !== undefined) {
    const { deadline } = request;
    const line = (await deliveries.line(webhookId, deadline)) ?? newLine(webhookId, after);
    const now = dependencies.clock.now();
    await changeLine(deliveries, line, (before) => ({ line: resumed(before, now) }), { after, deadline });
  }
  const asked = {
    ...(url !== undefined && { url }),
    ...(events !== undefined && { events }),
    ...(active !== undefined && { active }),
  };
  const { state } = await subscriptions.handle(webhookId, { do: 'change', ...asked }, contextOf(request));
  if (state.kind !== 'webhook') return refused('webhook_not_found');
  return ok(await shown(dependencies, state, request.deadline));
}

async function rotate(dependencies: Needs, request: Request): Promise<Reply> {
  const found = await ownWebhook(dependencies, request);
  if (!found) return refused('webhook_not_found');
  const { webhooks: all, clock } = dependencies;
  const { webhookId } = found;
  const key = idempotencyKey(request);
  const { fingerprint: secretFrom } = await all.ring.newest(request.deadline);
  const previousUntil = timestamp(clock.now() + rulesOf(dependencies).secretOverlapMs * 1_000);
  const outcome = await all.subscriptions.handle(
    webhookId,
    { do: 'rotate-secret', secretFrom, previousUntil },
    contextOf(request, key === undefined ? {} : { key: commandKey(key, { rotate: webhookId }) }),
  );
  if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
  const { state } = outcome;
  if (state.kind !== 'webhook') return refused('webhook_not_found');
  const body = await shown(dependencies, state, request.deadline);
  if (outcome.outcome !== 'committed') return replayed(ok(body));
  return ok({ ...body, secret: await newestOf(dependencies, state, request.deadline) });
}

async function shown({ webhooks: { ring }, clock }: Needs, webhook: Webhook, deadline: Deadline) {
  return webhookJson(webhook, await secretsInForce(ring, webhook, clock.now(), deadline));
}

function newestOf({ webhooks: { ring } }: Needs, { webhookId, secret }: Webhook, deadline: Deadline) {
  return secretOf(ring, webhookId, secret, deadline);
}

function rulesOf({ config }: Needs): WebhookRules {
  return webhookRules(config.current().config.document);
}

function wrongUrl(text: string, rules: WebhookRules): Reply | undefined {
  const receiver = receiverUrl(text, rules);
  return 'wrong' in receiver ? refused('field_invalid', { field: 'url', hint: receiver.wrong }) : undefined;
}
