import { createHmac } from 'node:crypto';
import type { SecretVersion, Webhook } from '../../domain/webhook/state.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { MasterSecret } from '../secrets/port.ts';

/** A webhook's signing secret as its owner knows it; undefined when the master secret it was derived from is lost. */
export function secretOf(
  master: MasterSecret,
  webhookId: string,
  version: SecretVersion,
): string | undefined {
  if (version.from !== master.fingerprint) return undefined;
  const name = JSON.stringify([webhookId, version.rotation]);
  return `whsec_${master.derive('webhook', name).toString('base64url')}`;
}

/** The secrets that sign at `now`, the newest first. Empty: its owner has to rotate. */
export function secretsInForce(master: MasterSecret, webhook: Webhook, now: Timestamp): readonly string[] {
  const { webhookId, secret, previous } = webhook;
  const newest = secretOf(master, webhookId, secret);
  if (newest === undefined) return [];
  const older = previous && now < previous.until ? secretOf(master, webhookId, previous) : undefined;
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
