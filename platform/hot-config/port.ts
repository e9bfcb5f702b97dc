import type { TradingConfig } from './trading-config.ts';

/** A whole config and the name it is known by in commits. Swapped as one, never half-applied. */
export interface VersionedConfig {
  readonly config: TradingConfig;
  readonly version: string;
}

/** What is in force now. Reading it costs nothing: whoever needs several values of one config reads it once. */
export interface HotConfig {
  current(): VersionedConfig;
}
