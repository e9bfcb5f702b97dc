import type { AccountId } from '../values/ids.ts';
import type { Timestamp } from '../values/time.ts';

/** Names of updates, or all there are and ever will be. */
export type WantedEvents = 'all' | readonly string[];

export interface CreateWebhook {
  readonly do: 'create';
  readonly webhookId: string;
  readonly accountId: AccountId;
  readonly url: string;
  readonly events: WantedEvents;
  readonly active: boolean;
  /** It is told what comes after this number of the account's feed. */
  readonly after: number;
  /** Which master secret its signing secret is derived from: a fingerprint. */
  readonly secretFrom: string;
  /** How many an account may have at a time. */
  readonly openMax: number;
  /** What the account's count was when it refused the write. */
  readonly observed?: WebhookCount | 'missing';
}

/** `made` counts the deleted ones too. */
export interface WebhookCount {
  readonly open: number;
  readonly made: number;
}

/** `active: true` also resumes what was suspended. */
export interface ChangeWebhook {
  readonly do: 'change';
  readonly url?: string;
  readonly events?: WantedEvents;
  readonly active?: boolean;
}

export interface RotateSecret {
  readonly do: 'rotate-secret';
  readonly secretFrom: string;
  /** Until then both secrets sign. */
  readonly previousUntil: Timestamp;
}

/** By the system: too many deliveries in a row were parked, the last of them `number`. */
export interface SuspendWebhook {
  readonly do: 'suspend';
  readonly number: number;
}

export interface DeleteWebhook {
  readonly do: 'delete';
}

export type WebhookCommand = CreateWebhook | ChangeWebhook | RotateSecret | SuspendWebhook | DeleteWebhook;
