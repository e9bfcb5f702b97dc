import { assert, unreachable } from '../values/assert.ts';
import type { Timestamp } from '../values/time.ts';
import type { WebhookEvent, WebhookSecretRotated } from './events.ts';
import type { Webhook, WebhookState } from './state.ts';

export function evolve(state: WebhookState, event: WebhookEvent, at: Timestamp): WebhookState {
  if (event.type === 'WebhookCreated' || event.type === 'WebhookDenied') {
    assert(state.kind === 'none', 'a webhook is asked for once');
    if (event.type === 'WebhookDenied') return { kind: 'denied', denial: event.data };
    const { secretFrom: from, ...data } = event.data;
    return { kind: 'webhook', ...data, secret: { rotation: 0, from }, createdAt: at, updatedAt: at };
  }
  assert(state.kind === 'webhook', 'only a webhook that is there changes');
  switch (event.type) {
    case 'WebhookChanged':
      return { ...resumed(state, event.data.active), ...event.data, updatedAt: at };
    case 'WebhookSecretRotated':
      return { ...rotated(state, event.data), updatedAt: at };
    case 'WebhookSuspended':
      assert(state.suspended === undefined, 'a webhook is suspended once');
      return { ...state, suspended: { number: event.data.number, at }, updatedAt: at };
    case 'WebhookDeleted':
      return { kind: 'deleted' };
    default:
      return unreachable(event);
  }
}

/** Who says whether it is active has seen that it was suspended. */
function resumed(webhook: Webhook, active: boolean | undefined): Webhook {
  const { suspended: _over, ...rest } = webhook;
  return active === undefined ? webhook : rest;
}

function rotated(
  webhook: Webhook,
  { rotation, secretFrom: from, previousUntil: until }: WebhookSecretRotated['data'],
): Webhook {
  assert(rotation === webhook.secret.rotation + 1, 'secrets are rotated one by one');
  return { ...webhook, secret: { rotation, from }, previous: { ...webhook.secret, until } };
}
