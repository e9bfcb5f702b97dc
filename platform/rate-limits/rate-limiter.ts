import type { Role } from '../../domain/api-key/commands.ts';
import type { Clock } from '../clock/clock.ts';
import type { HotConfig } from '../hot-config/port.ts';
import { type Rate, TokenBuckets } from './token-buckets.ts';

/** What a key has left, as clients are told. */
export interface Allowance {
  readonly isAllowed: boolean;
  /** Requests a minute. */
  readonly limit: number;
  readonly remaining: number;
  /** When the key may ask for `burst` requests at once again, in seconds since 1970. */
  readonly resetAt: number;
  /** Whole seconds until the next request is let in; 0 when one is. */
  readonly retryAfter: number;
}

const keysMax = 10_000;
const addressesMax = 10_000;

/**
 * How much a key may ask of this process, and how often an address may be wrong about one. In memory: every process counts for
 * itself, and a new one starts anew. Costs a look into a map; nothing is read or written for it.
 */
export class RateLimiter {
  readonly #config: HotConfig;
  readonly #clock: Clock;
  readonly #keys = new TokenBuckets(keysMax);
  readonly #failures = new TokenBuckets(addressesMax);

  constructor(config: HotConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
  }

  /** Counts a request of a key that was found right. Undefined: nothing limits it. */
  take({ keyId, role }: { readonly keyId: string; readonly role: Role }): Allowance | undefined {
    const nowMs = this.#clock.monotonicMs();
    const { byKey, byRole, default: standard } = this.#config.current().config.document.rateLimits;
    const rate = byKey[keyId] ?? byRole[role] ?? standard;
    if (rate === 'unlimited') {
      this.#keys.take(keyId, boundless, nowMs);
      return undefined;
    }
    const remaining = this.#keys.take(keyId, rate, nowMs);
    const fullMs = this.#keys.fullMs(keyId, rate, nowMs);
    return {
      isAllowed: remaining !== undefined,
      limit: rate.requestsPerMinute,
      remaining: remaining ?? 0,
      resetAt: Math.ceil((this.#clock.now() / 1000 + fullMs) / 1000),
      retryAfter: remaining === undefined ? this.#waitSeconds(this.#keys, keyId, rate, nowMs) : 0,
    };
  }

  /** Counts a request that nobody's key and secret came with. */
  countFailure(address: string): void {
    const rate = this.#failureRate;
    if (rate !== undefined) this.#failures.take(address, rate, this.#clock.monotonicMs());
  }

  /**
   * Whether an address was wrong too often for its next guess to be looked at: seconds to wait. Keys that were right in this process
   * before are looked at all the same, so that nobody is locked out by who shares their address.
   */
  guessingBlockedFor(address: string, keyId: string | undefined): number | undefined {
    const rate = this.#failureRate;
    const nowMs = this.#clock.monotonicMs();
    if (rate === undefined || !this.#failures.isEmpty(address, rate, nowMs)) return undefined;
    if (keyId !== undefined && this.#keys.has(keyId)) return undefined;
    return this.#waitSeconds(this.#failures, address, rate, nowMs);
  }

  get #failureRate(): Rate | undefined {
    const { failedAuthentication } = this.#config.current().config.document.rateLimits;
    return failedAuthentication === 'unlimited' ? undefined : failedAuthentication;
  }

  #waitSeconds(buckets: TokenBuckets, name: string, rate: Rate, nowMs: number): number {
    return Math.max(1, Math.ceil(buckets.waitMs(name, rate, nowMs) / 1000));
  }
}

/** For keys without a limit: they are remembered, and never wait. */
const boundless: Rate = { requestsPerMinute: Number.MAX_SAFE_INTEGER, burst: Number.MAX_SAFE_INTEGER };
