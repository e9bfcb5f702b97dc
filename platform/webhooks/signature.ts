import { createHmac } from 'node:crypto';
import type { SecretVersion, Webhook } from '../../domain/webhook/state.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { SecretRing } from '../secrets/port.ts';

/**
 * A webhook's signing secret as its owner knows it; undefined when the master secret it was derived from is lost. Throws what reading
 * the ring throws.
 */
export async function secretOf(
  ring: SecretRing,
  webhookId: string,
  version: SecretVersion,
  deadline: Deadline,
): Promise<string | undefined> {
  const master = await ring.named(version.from, deadline);
  if (!master) return undefined;
  const name = JSON.stringify([webhookId, version.rotation]);
  return `whsec_${master.derive('webhook', name).toString('base64url')}`;
}

/**
 * The secrets that sign at `now`, the newest first, each derived from the master secret of its own time. Empty: its owner has to rotate.
 */
export async function secretsInForce(
  ring: SecretRing,
  webhook: Webhook,
  now: Timestamp,
  deadline: Deadline,
): Promise<readonly string[]> {
  const { webhookId, secret, previous } = webhook;
  const newest = await secretOf(ring, webhookId, secret, deadline);
  if (newest === undefined) return [];
  const isOverlap = previous !== undefined && now < previous.until;
  const older = isOverlap ? await secretOf(ring, webhookId, previous, deadline) : undefined;
  return older === undefined ? [newest] : [newest, older];
}

/** `t=<seconds since 1970>,v1=<hex>`, one `v1` for each secret: HMAC-SHA256 of `<t>.<body>`. */
export function signatureOf(body: string, secrets: readonly string[], now: Timestamp): string {
  const seconds = Math.floor(now / 1e6);
  const signatures = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`,
  );
  return [`t=${seconds}`, ...signatures].join(',');
}
