import { timestamp } from '../../domain/values/time.ts';
import { checkedConfig } from './check.ts';
import type { ConfigChange, ConfigStatus, HotConfig, VersionedConfig } from './port.ts';

/** One config for as long as the process lives: for tests and tools. */
export class FixedConfig implements HotConfig {
  readonly #current: VersionedConfig;

  constructor(document: unknown) {
    this.#current = checkedConfig(document);
  }

  current(): VersionedConfig {
    return this.#current;
  }

  status(): ConfigStatus {
    return { source: 'fixed', inForceSince: timestamp(0), checkedAt: timestamp(0) };
  }

  async change(): Promise<ConfigChange> {
    return { outcome: 'elsewhere' };
  }
}
