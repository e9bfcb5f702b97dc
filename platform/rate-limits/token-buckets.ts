/** How often something may happen: `burst` at once, and then as often as the rate fills up again. */
export interface Rate {
  readonly requestsPerMinute: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** On the monotonic clock: up to when it is filled. */
  atMs: number;
}

const minuteMs = 60_000;

/**
 * One bucket a name. Bounded: with more names than `namesMax` the one that came first is forgotten, and starts full should it come
 * back. Nothing ticks: a bucket is filled up when it is asked.
 */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #namesMax: number;

  constructor(namesMax: number) {
    this.#namesMax = namesMax;
  }

  /** Whole tokens left after taking one; undefined when there was none to take. */
  take(name: string, rate: Rate, nowMs: number): number | undefined {
    const bucket = this.#filled(name, rate, nowMs);
    if (bucket.tokens < 1) return undefined;
    bucket.tokens -= 1;
    return Math.floor(bucket.tokens);
  }

  isEmpty(name: string, rate: Rate, nowMs: number): boolean {
    return this.#buckets.has(name) && this.#filled(name, rate, nowMs).tokens < 1;
  }

  /** Until there is a token again; 0 when there is one. */
  waitMs(name: string, rate: Rate, nowMs: number): number {
    const { tokens } = this.#filled(name, rate, nowMs);
    return tokens >= 1 ? 0 : ((1 - tokens) * minuteMs) / rate.requestsPerMinute;
  }

  /** Until the bucket is full. */
  fullMs(name: string, rate: Rate, nowMs: number): number {
    return ((rate.burst - this.#filled(name, rate, nowMs).tokens) * minuteMs) / rate.requestsPerMinute;
  }

  has(name: string): boolean {
    return this.#buckets.has(name);
  }

  get size(): number {
    return this.#buckets.size;
  }

  #filled(name: string, { requestsPerMinute, burst }: Rate, nowMs: number): Bucket {
    const known = this.#buckets.get(name);
    if (!known) return this.#begun(name, burst, nowMs);
    const gained = (Math.max(0, nowMs - known.atMs) * requestsPerMinute) / minuteMs;
    known.tokens = Math.min(burst, known.tokens + gained);
    known.atMs = nowMs;
    return known;
  }

  #begun(name: string, burst: number, nowMs: number): Bucket {
    const bucket = { tokens: burst, atMs: nowMs };
    this.#buckets.set(name, bucket);
    if (this.#buckets.size > this.#namesMax) {
      for (const first of this.#buckets.keys()) {
        this.#buckets.delete(first);
        break;
      }
    }
    return bucket;
  }
}
