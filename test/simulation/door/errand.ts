import type { RouteKey } from '../../../functions/manifest.ts';

/** One request of a client, asked as often as it takes until there is an answer. */
export interface Errand {
  readonly kind: 'place' | 'replace' | 'cancel' | 'close' | 'read';
  /** Its correlation id, by which it is found in the log. */
  readonly name: string;
  readonly account: string;
  readonly route: RouteKey;
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The id it names. */
  readonly orderId?: string;
  /** What the answer must show again. */
  readonly asked?: Readonly<Record<string, unknown>>;
  /** It comes with a wrong secret. */
  readonly isStranger?: true;
}
