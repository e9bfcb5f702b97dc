import type { HotConfigDocument } from '../hot-config/schema.ts';

type Configured = NonNullable<HotConfigDocument['webhooks']>;

/** How webhooks are delivered to, and where they may lead. */
export type WebhookRules = Required<Configured>;

const second = 1_000;
const hour = 3_600 * second;

/** Where the config says nothing. Eight tries with these pauses take eleven hours at the longest, half of it as a rule. */
const standard: WebhookRules = {
  perAccountMax: 10,
  allowHttp: false,
  allowedNetworks: [],
  ports: [443],
  attemptsMax: 8,
  firstRetryMs: 30 * second,
  longestRetryMs: 4 * hour,
  timeoutMs: 5 * second,
  suspendAfterParked: 10,
  secretOverlapMs: 24 * hour,
};

export function webhookRules({ webhooks }: Pick<HotConfigDocument, 'webhooks'>): WebhookRules {
  return { ...standard, ...webhooks };
}

/** Milliseconds before the next try: anything up to four times as much after each, so that what failed together does not return together. */
export function retryPauseMs(attempts: number, rules: WebhookRules, fraction: number): number {
  const ceiling = Math.min(rules.longestRetryMs, rules.firstRetryMs * 4 ** (attempts - 1));
  return Math.ceil(fraction * ceiling);
}
