import type { Decider } from '../decider.ts';
import { unreachable } from '../values/assert.ts';
import type { ChangeWebhook, CreateWebhook, WantedEvents, WebhookCommand } from './commands.ts';
import type { WebhookEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { none, type Webhook, type WebhookState } from './state.ts';

/** Of all that one account ever makes, deleted ones included: what is listed stays bounded. */
export const madeMax = 1_000;

/** Of a webhook that is not there, or no more, nothing is decided. */
export function decide(command: WebhookCommand, state: WebhookState): readonly WebhookEvent[] {
  if (command.do === 'create') return state.kind === 'none' ? [created(command)] : [];
  if (state.kind !== 'webhook') return [];
  switch (command.do) {
    case 'change':
      return changed(command, state);
    case 'rotate-secret': {
      const { secretFrom, previousUntil } = command;
      const rotation = state.secret.rotation + 1;
      return [{ type: 'WebhookSecretRotated', schema: 1, data: { rotation, secretFrom, previousUntil } }];
    }
    case 'suspend':
      if (state.suspended || !state.active) return [];
      return [{ type: 'WebhookSuspended', schema: 1, data: { number: command.number } }];
    case 'delete':
      return [{ type: 'WebhookDeleted', schema: 1, data: {} }];
    default:
      return unreachable(command);
  }
}

function created(command: CreateWebhook): WebhookEvent {
  const { do: _what, openMax, observed, ...data } = command;
  const { open, made } = observed === undefined || observed === 'missing' ? { open: 0, made: 0 } : observed;
  const { accountId } = data;
  const denied = (limit: number, found: number): WebhookEvent => ({
    type: 'WebhookDenied',
    schema: 1,
    data: { accountId, reason: 'maximum_webhooks', limit: String(limit), observed: String(found) },
  });
  if (open >= openMax) return denied(openMax, open);
  if (made >= madeMax) return denied(madeMax, made);
  return { type: 'WebhookCreated', schema: 1, data };
}

function changed({ url, events, active }: ChangeWebhook, webhook: Webhook): readonly WebhookEvent[] {
  const resumes = active !== undefined && webhook.suspended !== undefined;
  const data = {
    ...(url !== undefined && url !== webhook.url && { url }),
    ...(events !== undefined && !isSame(events, webhook.events) && { events }),
    ...(active !== undefined && (active !== webhook.active || resumes) && { active }),
  };
  return Object.keys(data).length > 0 ? [{ type: 'WebhookChanged', schema: 1, data }] : [];
}

function isSame(one: WantedEvents, other: WantedEvents): boolean {
  if (one === 'all' || other === 'all') return one === other;
  return one.length === other.length && one.every((name) => other.includes(name));
}

export const webhook: Decider<WebhookCommand, WebhookState, WebhookEvent> = {
  initial: none,
  decide,
  evolve,
};
