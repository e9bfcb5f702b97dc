import type { DomainEvent } from '../decider.ts';
import type { Attribution, ConfigIssue, ConfigOrigin } from './commands.ts';
import type { PatchOperation } from './json-patch.ts';

/** `patch` makes this version's document out of the one before; the first one's out of nothing. */
export type ConfigChanged = DomainEvent<
  'ConfigChanged',
  Attribution & {
    readonly version: string;
    readonly previous?: string;
    readonly patch: readonly PatchOperation[];
    readonly origin: ConfigOrigin;
    readonly approvalId?: string;
  }
>;

/** `invalid`: the document cannot be used. `stale`: another change came first. Either way nothing of it is in force. */
export type ConfigRefused = DomainEvent<
  'ConfigRefused',
  Attribution & {
    readonly why: 'invalid' | 'stale';
    readonly origin: ConfigOrigin;
    readonly content?: string;
    readonly issues: readonly ConfigIssue[];
  }
>;

export type ConfigEvent = ConfigChanged | ConfigRefused;
