import type { Attribution, ConfigCommand, ConfigIssue, ConfigOrigin } from '../../domain/config/commands.ts';
import type { ConfigEvent } from '../../domain/config/events.ts';
import { otherLots } from '../../domain/config/lots.ts';
import { type ConfigState, configStream } from '../../domain/config/state.ts';
import type { CommandHandler } from '../command-handler/command-handler.ts';
import type { CommandContext } from '../command-handler/context.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { VersionedConfig } from './port.ts';

export type ConfigHandler = CommandHandler<ConfigCommand, ConfigState, ConfigEvent>;

export interface Proposed extends Attribution {
  readonly origin: ConfigOrigin;
  readonly base?: string;
  readonly approvalId?: string;
}

/**
 * - `recorded`: it is what the record says is in force, now or already.
 * - `replayed`: it was recorded before, under the same key.
 * - `stale`: it was made from another version than `inForce`, and came to nothing.
 * - `invalid`: it cannot follow on what is on record, and came to nothing.
 */
export type Recorded =
  | { readonly outcome: 'recorded' | 'replayed'; readonly previous: string }
  | { readonly outcome: 'stale'; readonly inForce: string }
  | { readonly outcome: 'invalid'; readonly issues: readonly ConfigIssue[] }
  | { readonly outcome: 'key-reused' };

/** The stream that has every change of a cell's config, applied or refused. What it says is in force is in force: the record comes first. */
export class ConfigRecord {
  readonly #handler: ConfigHandler;
  readonly stream: string;

  constructor(handler: ConfigHandler, cell: string) {
    this.#handler = handler;
    this.stream = configStream(cell);
  }

  async head(deadline: Deadline): Promise<ConfigState> {
    return (await this.#handler.load(this.stream, deadline)).state;
  }

  async change(
    { version, document }: VersionedConfig,
    proposed: Proposed,
    context: CommandContext,
  ): Promise<Recorded> {
    const command = { do: 'change', version, document, ...proposed } as const;
    const outcome = await this.#handler.handle(this.stream, command, context);
    if (outcome.outcome === 'key-reused') return { outcome: 'key-reused' };
    const { state } = outcome;
    if (state.kind === 'config' && state.version !== version) {
      const issues = otherLots(state.lots, document);
      return issues.length > 0
        ? { outcome: 'invalid', issues }
        : { outcome: 'stale', inForce: state.version };
    }
    if (outcome.outcome === 'unchanged') return { outcome: 'recorded', previous: version };
    const changed = outcome.events.find((event) => event.type === 'ConfigChanged');
    const previous = changed?.data.previous ?? '';
    return { outcome: outcome.outcome === 'replayed' ? 'replayed' : 'recorded', previous };
  }

  async refuse(
    issues: readonly ConfigIssue[],
    refused: Attribution & { readonly origin: ConfigOrigin; readonly content?: string },
    context: CommandContext,
  ): Promise<void> {
    await this.#handler.handle(this.stream, { do: 'refuse', issues, ...refused }, context);
  }
}
