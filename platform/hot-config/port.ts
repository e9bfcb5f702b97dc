import type { Attribution, ConfigIssue } from '../../domain/config/commands.ts';
import type { Json } from '../../domain/values/json.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { CommandContext } from '../command-handler/context.ts';
import type { TradingConfig } from './trading-config.ts';

/** A whole config and the name it is known by in commits. Swapped as one, never half-applied. */
export interface VersionedConfig {
  readonly config: TradingConfig;
  readonly version: string;
  /** What it is made from, as it was written: defaults of a release are not in it. */
  readonly document: Json;
}

/** Why what the source has is not in force: the last good config is. */
export interface ConfigError {
  readonly at: Timestamp;
  /** Empty: the source did not answer. */
  readonly issues: readonly ConfigIssue[];
  readonly message: string;
}

/** How the config in force came here, and how sure it is that it is still the right one. */
export interface ConfigStatus {
  /** `fixed`: nothing changes it. `log`: the stream `config-<cell>` itself. */
  readonly source: 'fixed' | 'file' | 'log' | 'appconfig';
  readonly inForceSince: Timestamp;
  /** When the source last said, or showed, what should be in force. */
  readonly checkedAt: Timestamp;
  readonly error?: ConfigError;
}

/** A document somebody wants in force. `base`: the version it was made from. */
export interface ConfigProposal extends Attribution {
  readonly document: unknown;
  readonly base?: string;
  readonly approvalId?: string;
}

/** For the record: what was said of it, and nothing where nothing was. */
export function whoAndWhy({ by, reason }: Attribution): Attribution {
  return { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
}

/**
 * What became of a proposal; the first four are on record in the stream `config-<cell>`.
 * - `changed`: in force here now; `previous` was before.
 * - `replayed`: it was changed so before, under the same key; what is in force by now is another matter.
 * - `stale`: another change came first; `version` is in force.
 * - `invalid`: the document cannot be used.
 * - `unchanged`: it was in force already.
 * - `key-reused`: the key stands for another change.
 * - `elsewhere`: configs do not come from here; they are changed at their source.
 */
export type ConfigChange =
  | { readonly outcome: 'changed' | 'replayed'; readonly version: string; readonly previous: string }
  | { readonly outcome: 'unchanged'; readonly version: string }
  | { readonly outcome: 'stale'; readonly version: string }
  | { readonly outcome: 'invalid'; readonly issues: readonly ConfigIssue[] }
  | { readonly outcome: 'key-reused' | 'elsewhere' };

/** What is in force now. Reading it costs nothing: whoever needs several values of one config reads it once. */
export interface HotConfig {
  current(): VersionedConfig;
  status(): ConfigStatus;
  /** Throws what the command handler throws; then it may be in force or not, and settles within a second. */
  change(proposal: ConfigProposal, context: CommandContext): Promise<ConfigChange>;
}
