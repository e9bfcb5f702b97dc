import type { Metrics } from '../../platform/telemetry/metrics.ts';

export type StreamKind = 'trade_updates' | 'trade_events' | 'market_data';

export interface StreamCaps {
  readonly overall: number;
  readonly perKey: number;
}

export const streamCaps: StreamCaps = { overall: 2_000, perKey: 10 };

/** How many streams are open in this process, of whom. One client with a loop that connects must not shut out the others. */
export class StreamSlots {
  readonly #caps: StreamCaps;
  readonly #byKey = new Map<string, number>();
  readonly #byKind: Record<StreamKind, number> = { trade_updates: 0, trade_events: 0, market_data: 0 };

  constructor(metrics: Metrics, caps: StreamCaps = streamCaps) {
    this.#caps = caps;
    for (const kind of ['trade_updates', 'trade_events', 'market_data'] as const)
      metrics.gauge('streams_open', { kind }, () => this.#byKind[kind]);
  }

  get open(): number {
    return Object.values(this.#byKind).reduce((sum, count) => sum + count, 0);
  }

  /** Undefined: there are too many, of this key or in all. Else how to give the place back; doing it twice is no fault. */
  take(keyId: string, kind: StreamKind): (() => void) | undefined {
    const ofKey = this.#byKey.get(keyId) ?? 0;
    if (this.open >= this.#caps.overall || ofKey >= this.#caps.perKey) return undefined;
    this.#byKey.set(keyId, ofKey + 1);
    this.#byKind[kind] += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#giveBack(keyId, kind);
    };
  }

  #giveBack(keyId: string, kind: StreamKind): void {
    this.#byKind[kind] -= 1;
    const left = (this.#byKey.get(keyId) ?? 1) - 1;
    if (left === 0) this.#byKey.delete(keyId);
    else this.#byKey.set(keyId, left);
  }
}
