import type { Timestamp } from '../values/time.ts';
import type { WebhookCreated, WebhookDenied } from './events.ts';

/** A signing secret, by what it is derived from together with the webhook's id. */
export interface SecretVersion {
  readonly rotation: number;
  readonly from: string;
}

export type Webhook = Omit<WebhookCreated['data'], 'secretFrom'> & {
  readonly kind: 'webhook';
  readonly secret: SecretVersion;
  /** Signs beside it until then. */
  readonly previous?: SecretVersion & { readonly until: Timestamp };
  /** Not delivered to until its owner resumes it; at which number that was, and when. */
  readonly suspended?: { readonly number: number; readonly at: Timestamp };
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
};

export type WebhookState =
  | { readonly kind: 'none' }
  | { readonly kind: 'denied'; readonly denial: WebhookDenied['data'] }
  | Webhook
  | { readonly kind: 'deleted' };

export const none: WebhookState = { kind: 'none' };

export function webhookStream(webhookId: string): string {
  return `webhook-${webhookId}`;
}

export type WebhookStatus = 'active' | 'paused' | 'suspended';

export function statusOf({ active, suspended }: Webhook): WebhookStatus {
  if (suspended) return 'suspended';
  return active ? 'active' : 'paused';
}
