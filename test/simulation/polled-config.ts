import { timestamp } from '../../domain/values/time.ts';
import type {
  ConfigChange,
  ConfigStatus,
  HotConfig,
  VersionedConfig,
} from '../../platform/hot-config/port.ts';
import type { MachineClock } from './clock.ts';
import type { Market, MarketVersion } from './market.ts';
import type { Tally } from './tally.ts';

/** The config as one process knows it: looked at now and then, and old in between. */
export class PolledConfig implements HotConfig {
  readonly #market: Market;
  readonly #clock: MachineClock;
  readonly #everyMs: number;
  readonly #tally: Tally;
  #known: MarketVersion;
  #askedMs: number;

  constructor(
    market: Market,
    {
      clock,
      everyMs,
      tally,
    }: { readonly clock: MachineClock; readonly everyMs: number; readonly tally: Tally },
  ) {
    this.#market = market;
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#tally = tally;
    this.#known = market.current;
    this.#askedMs = clock.monotonicMs();
  }

  current(): VersionedConfig {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#askedMs >= this.#everyMs) {
      this.#known = this.#market.current;
      this.#askedMs = nowMs;
    }
    const { config, version } = this.#known;
    if (version !== this.#market.current.version) this.#tally.count('config: stale');
    return { config, version, document: {} };
  }

  status(): ConfigStatus {
    return { source: 'fixed', inForceSince: timestamp(0), checkedAt: timestamp(0) };
  }

  async change(): Promise<ConfigChange> {
    return { outcome: 'elsewhere' };
  }
}
