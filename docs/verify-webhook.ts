import { createHmac, timingSafeEqual } from 'node:crypto';

export interface ReceivedWebhook {
  /** The body as it came, byte for byte: parse it only after this said yes. */
  readonly body: string;
  /** The header `Ordercell-Signature`. */
  readonly signature: string;
  /** Yours; while one takes the other's place, both. */
  readonly secrets: readonly string[];
  /** Now, in seconds since 1970. */
  readonly nowSeconds: number;
  /** How old a signature may be, and how far your clock may be off. */
  readonly toleranceSeconds?: number;
}

/** Whether a webhook is from Ordercell, unaltered, and signed just now. Depends on nothing: copy it. */
export function verifyWebhook(received: ReceivedWebhook): boolean {
  const { body, signature, secrets, nowSeconds, toleranceSeconds = 300 } = received;
  const parts = signature.split(',').map((part) => part.trim());
  const [time = ''] = parts.filter((part) => part.startsWith('t=')).map((part) => part.slice(2));
  // Neither now nor ever again: a recorded message is worth nothing after these seconds.
  if (!/^\d{1,12}$/.test(time) || Math.abs(nowSeconds - Number(time)) > toleranceSeconds) return false;
  const claimed = parts.filter((part) => /^v1=[0-9a-f]{64}$/.test(part)).map((part) => part.slice(3));
  return secrets.some((secret) => {
    const expected = createHmac('sha256', secret).update(`${time}.${body}`).digest();
    // In constant time: how much of a guess was right is not to be measured.
    return claimed.some((hex) => timingSafeEqual(Buffer.from(hex, 'hex'), expected));
  });
}
