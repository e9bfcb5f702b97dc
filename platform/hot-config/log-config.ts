import type { Clock } from '../clock/clock.ts';
import type { CommandContext } from '../command-handler/context.ts';
import { deadlineIn, defaultCallMs } from '../deadline/deadline.ts';
import { checkConfig, checkedConfig, recordedConfig } from './check.ts';
import { LiveConfig } from './live.ts';
import {
  type ConfigChange,
  type ConfigProposal,
  type ConfigStatus,
  type HotConfig,
  type VersionedConfig,
  whoAndWhy,
} from './port.ts';
import type { ConfigRecord } from './record.ts';
import { Rounds } from '../clock/rounds.ts';
import { Turns } from './turns.ts';

export interface LogConfigOptions {
  readonly record: ConfigRecord;
  readonly clock: Clock;
  /** What a new cell starts from. */
  readonly seed: unknown;
  /** Told when the record could not be read; it is tried again. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** Other processes' changes are in force here within a second. */
const lookEveryMs = 500;
/** Changes that wait for the ones before them. */
const waitingMax = 100;

/** The config of a cell without a data folder: what its stream says, read by every process that writes to the same store. */
export class LogConfig implements HotConfig {
  readonly #options: LogConfigOptions;
  readonly #live: LiveConfig;
  readonly #rounds: Rounds;
  /** What was read first must not come into force last. */
  readonly #turns = new Turns('config', waitingMax);

  constructor(options: LogConfigOptions) {
    this.#options = options;
    this.#live = new LiveConfig(options.clock, 'log');
    this.#rounds = new Rounds({
      clock: options.clock,
      round: async () => {
        await this.#turns.take(() => this.#look());
        return lookEveryMs;
      },
      afterFailureMs: lookEveryMs,
      onFailure: (error) => {
        this.#live.fail('the record of configs could not be read; trying again');
        options.onFailure(error);
      },
    });
  }

  /** Throws `InvalidConfig` when there is no config to start with. */
  async start(): Promise<void> {
    const { record, seed, clock } = this.#options;
    const deadline = deadlineIn(defaultCallMs, clock);
    if ((await record.head(deadline)).kind === 'none') {
      const actor = { kind: 'system', id: 'start', proof: 'internal' } as const;
      await record.change(checkedConfig(seed), { origin: 'seed' }, { actor, deadline });
    }
    await this.#turns.take(() => this.#look());
    this.#rounds.start(lookEveryMs);
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  current(): VersionedConfig {
    return this.#live.current;
  }

  status(): ConfigStatus {
    return this.#live.status();
  }

  change(proposal: ConfigProposal, context: CommandContext): Promise<ConfigChange> {
    return this.#turns.take(() => this.#change(proposal, context));
  }

  async #change(proposal: ConfigProposal, context: CommandContext): Promise<ConfigChange> {
    const { record } = this.#options;
    const { document, ...why } = proposal;
    const result = checkConfig(document);
    if ('issues' in result) {
      await record.refuse(result.issues, { origin: 'api', ...whoAndWhy(proposal) }, context);
      return { outcome: 'invalid', issues: result.issues };
    }
    const { version } = result.checked;
    if (version === this.#live.current.version) return { outcome: 'unchanged', version };
    const recorded = await record.change(result.checked, { origin: 'api', ...why }, context);
    if (recorded.outcome === 'stale') return { outcome: 'stale', version: recorded.inForce };
    if (recorded.outcome === 'key-reused' || recorded.outcome === 'invalid') return recorded;
    const outcome = recorded.outcome === 'recorded' ? 'changed' : 'replayed';
    // What came after it in the record, if anything did, is in force instead.
    await this.#look();
    return { outcome, version, previous: recorded.previous };
  }

  async #look(): Promise<void> {
    const { record, clock } = this.#options;
    const state = await record.head(deadlineIn(defaultCallMs, clock));
    if (state.kind === 'none') return;
    if (this.#live.hasOne && state.version === this.#live.current.version) this.#live.confirm();
    else this.#live.swap(recordedConfig(state));
  }
}
