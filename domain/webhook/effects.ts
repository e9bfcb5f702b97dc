import type { Item, ItemChange, ItemKey } from '../account/items.ts';
import type { Effects } from '../decider.ts';
import { assert } from '../values/assert.ts';
import type { CreateWebhook, WebhookCommand } from './commands.ts';
import { madeMax } from './decide.ts';
import type { WebhookEvent } from './events.ts';
import type { Webhook, WebhookState } from './state.ts';

/** All webhooks can be listed, and those of one account: a small item each, in the same write as the stream. */
export const webhooksOwner = 'webhooks';

export function webhooksOf(accountId: string): string {
  return `webhooks-of-${accountId}`;
}

function countOf(accountId: string): ItemKey {
  return { owner: 'webhook-counts', name: accountId };
}

/** The count is the check: of two that are made at once, the one too many is refused by the write. */
export function effects(
  command: WebhookCommand,
  before: WebhookState,
  events: readonly WebhookEvent[],
): Effects<WebhookEvent> {
  const changes = events.flatMap((event): readonly ItemChange[] => {
    if (event.type === 'WebhookCreated') {
      assert(command.do === 'create', 'a webhook is created on request');
      const { webhookId, accountId } = event.data;
      return [counted(command), ...listed(webhookId, accountId, 'open')];
    }
    if (event.type !== 'WebhookDeleted') return [];
    assert(before.kind === 'webhook', 'only a webhook that is there is deleted');
    return uncounted(before);
  });
  return { changes, beginnings: [] };
}

/** What they leave in the items, from the log alone. */
export function webhookItems(before: WebhookState, events: readonly WebhookEvent[]): readonly ItemChange[] {
  return events.flatMap((event): readonly ItemChange[] => {
    if (event.type === 'WebhookCreated') {
      const { webhookId, accountId } = event.data;
      const one = { key: countOf(accountId), conditions: [], add: oneMore };
      return [one, ...listed(webhookId, accountId, 'open')];
    }
    return event.type === 'WebhookDeleted' && before.kind === 'webhook' ? uncounted(before) : [];
  });
}

const oneMore = { open: 1, made: 1 } as const;

function uncounted({ webhookId, accountId }: Webhook): readonly ItemChange[] {
  const one = { key: countOf(accountId), conditions: [], add: { open: -1 }, must: 'exist' } as const;
  return [one, ...listed(webhookId, accountId, 'deleted')];
}

function counted({ accountId, openMax, observed }: CreateWebhook): ItemChange {
  const key = countOf(accountId);
  const add = oneMore;
  if (observed === 'missing') return { key, conditions: [], add, must: 'be-absent' };
  const conditions = [
    { attribute: 'open', is: '<', value: openMax },
    { attribute: 'made', is: '<', value: madeMax },
  ] as const;
  return { key, conditions, add };
}

function listed(webhookId: string, accountId: string, status: 'open' | 'deleted'): readonly ItemChange[] {
  return [
    { key: { owner: webhooksOwner, name: webhookId }, conditions: [], set: { accountId, status } },
    { key: { owner: webhooksOf(accountId), name: webhookId }, conditions: [], set: { status } },
  ];
}

/** The command, knowing what the account's count was when it refused the write. */
export function observe(
  command: WebhookCommand,
  refusals: readonly { readonly key: ItemKey; readonly item: Item | undefined }[],
): WebhookCommand {
  assert(command.do === 'create', `the account's count refused to ${command.do}`);
  const item = refusals[0]?.item;
  const observed = item ? { open: Number(item['open'] ?? 0), made: Number(item['made'] ?? 0) } : 'missing';
  return { ...command, observed };
}
