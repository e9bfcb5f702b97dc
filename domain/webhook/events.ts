import type { DomainEvent } from '../decider.ts';
import type { AccountId } from '../values/ids.ts';
import type { Timestamp } from '../values/time.ts';
import type { CreateWebhook, WantedEvents } from './commands.ts';

export type WebhookCreated = DomainEvent<
  'WebhookCreated',
  Omit<CreateWebhook, 'do' | 'openMax' | 'observed'>
>;
/** The account has, or has had, as many as it may. */
export type WebhookDenied = DomainEvent<
  'WebhookDenied',
  {
    readonly accountId: AccountId;
    readonly reason: 'maximum_webhooks';
    readonly limit: string;
    readonly observed: string;
  }
>;
/** Only what changed. */
export type WebhookChanged = DomainEvent<
  'WebhookChanged',
  { readonly url?: string; readonly events?: WantedEvents; readonly active?: boolean }
>;
/** Never a secret: which of them, and what it is derived from. */
export type WebhookSecretRotated = DomainEvent<
  'WebhookSecretRotated',
  { readonly rotation: number; readonly secretFrom: string; readonly previousUntil: Timestamp }
>;
export type WebhookSuspended = DomainEvent<'WebhookSuspended', { readonly number: number }>;
export type WebhookDeleted = DomainEvent<'WebhookDeleted', Record<string, never>>;

export type WebhookEvent =
  | WebhookCreated
  | WebhookDenied
  | WebhookChanged
  | WebhookSecretRotated
  | WebhookSuspended
  | WebhookDeleted;
