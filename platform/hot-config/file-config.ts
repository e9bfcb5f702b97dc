import type { ConfigIssue } from '../../domain/config/commands.ts';
import type { Clock } from '../clock/clock.ts';
import type { CommandContext } from '../command-handler/context.ts';
import { type Deadline, deadlineIn, defaultCallMs } from '../deadline/deadline.ts';
import type { Actor } from '../event-store/port.ts';
import { checkConfig, checkedConfig, InvalidConfig } from './check.ts';
import { digestOf } from './content.ts';
import type { ConfigFile } from './config-file.ts';
import { checkConfigText } from './config-text.ts';
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
import { RecordedFile } from './recorded-file.ts';
import { Rounds } from '../clock/rounds.ts';
import { Turns } from './turns.ts';

export interface FileConfigOptions {
  readonly file: ConfigFile;
  readonly record: ConfigRecord;
  readonly clock: Clock;
  /** What a new cell starts from. */
  readonly seed: unknown;
  /** Told of what could not be read, used, written or recorded; it is tried again. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** An edit by hand is in force within a second: looked for this often, whatever the watcher says. */
const lookEveryMs = 250;
/** A file that makes no sense may be half written: it is looked at once more before it is refused. */
const secondLookMs = 200;
/** Changes that wait for the ones before them. */
const waitingMax = 100;

const byHand: Actor = { kind: 'system', id: 'config-file', proof: 'unattributed' };
const byStart: Actor = { kind: 'system', id: 'start', proof: 'internal' };

const gone: ConfigIssue = { path: 'document', message: 'config.json is gone' };

/** An embedded cell's config: `config.json` of its data folder, changed through the API or by hand; see `RecordedFile`. */
export class FileConfig implements HotConfig {
  readonly #options: FileConfigOptions;
  readonly #live: LiveConfig;
  readonly #recorded: RecordedFile;
  readonly #turns = new Turns('config', waitingMax);
  readonly #rounds: Rounds;
  #watcher: { close(): void } | undefined;
  /** A content that made no sense when it was looked at first. */
  #doubtful: string | undefined;

  constructor(options: FileConfigOptions) {
    this.#options = options;
    this.#live = new LiveConfig(options.clock, 'file');
    this.#recorded = new RecordedFile(options.file, options.record, this.#live);
    this.#rounds = new Rounds({
      clock: options.clock,
      round: () => this.#turns.take(() => this.#look()),
      afterFailureMs: lookEveryMs,
      onFailure: (error) => this.#failed(error),
    });
  }

  /** Throws `InvalidConfig` when there is no config to start with. */
  async start(): Promise<void> {
    await this.#turns.take(() => this.#begin());
    const { file } = this.#options;
    this.#watcher = file.watch(
      () => this.#rounds.wake(),
      (error) => this.#options.onFailure(error),
    );
    this.#rounds.start(lookEveryMs);
  }

  async stop(): Promise<void> {
    this.#watcher?.close();
    await this.#rounds.stop();
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
    // An edit by hand that nobody has seen yet came first.
    await this.#look();
    const { record } = this.#options;
    const { document, ...why } = proposal;
    const result = checkConfig(document);
    if ('issues' in result) {
      await record.refuse(result.issues, { origin: 'api', ...whoAndWhy(proposal) }, context);
      return { outcome: 'invalid', issues: result.issues };
    }
    const { checked } = result;
    const { version } = checked;
    if (version === this.#live.current.version) return { outcome: 'unchanged', version };
    const recorded = await this.#recorded.write(checked, () =>
      record.change(checked, { origin: 'api', ...why }, context),
    );
    if (recorded.outcome === 'stale') return { outcome: 'stale', version: recorded.inForce };
    if (recorded.outcome === 'key-reused' || recorded.outcome === 'invalid') return recorded;
    const outcome = recorded.outcome === 'recorded' ? 'changed' : 'replayed';
    return { outcome, version, previous: recorded.previous };
  }

  async #begin(): Promise<void> {
    const state = await this.#recorded.settle(this.#deadline());
    const { file, seed } = this.#options;
    const signature = await file.signature();
    const text = await file.read();
    if (text === undefined && state.kind === 'none') return this.#plant(checkedConfig(seed));
    if (text === undefined) return this.#restore();
    const result = checkConfigText(text);
    this.#recorded.seen = signature;
    if ('checked' in result) {
      return this.#record(result.checked);
    }
    // A new cell has nothing else to go by: whoever starts it is told.
    if (state.kind === 'none') throw new InvalidConfig(result.issues);
    await this.#refuse(text, result.issues);
  }

  async #plant(seed: VersionedConfig): Promise<void> {
    const { record } = this.#options;
    await this.#recorded.write(seed, () => record.change(seed, { origin: 'seed' }, this.#context(byStart)));
  }

  /** Nobody who deletes the file wants none: what is on record is put into a new one. */
  async #restore(): Promise<void> {
    const { current } = this.#live;
    await this.#recorded.write(current, async () => ({ outcome: 'recorded', previous: current.version }));
  }

  async #look(): Promise<number> {
    if (this.#recorded.isUnsettled) await this.#recorded.settle(this.#deadline());
    const { file } = this.#options;
    const signature = await file.signature();
    if (signature === this.#recorded.seen && this.#doubtful === undefined) {
      if (!this.#live.status().error) this.#live.confirm();
      return lookEveryMs;
    }
    const text = await file.read();
    const result = text === undefined ? { issues: [gone] } : checkConfigText(text);
    if ('checked' in result) await this.#takeOver(result.checked);
    else if (this.#doubtful !== (text ?? '')) {
      this.#doubtful = text ?? '';
      return secondLookMs;
    } else await this.#refuse(text ?? '', result.issues);
    this.#doubtful = undefined;
    this.#recorded.seen = signature;
    return lookEveryMs;
  }

  /** Somebody edited the file; who, nobody knows. */
  async #takeOver(checked: VersionedConfig): Promise<void> {
    if (checked.version === this.#live.current.version) this.#live.swap(checked);
    else await this.#record(checked);
  }

  async #record(checked: VersionedConfig): Promise<void> {
    const { record } = this.#options;
    const recorded = await record.change(checked, { origin: 'file' }, this.#context(byHand));
    if (recorded.outcome === 'invalid') this.#unusable(recorded.issues);
    else this.#live.swap(checked);
  }

  async #refuse(text: string, issues: readonly ConfigIssue[]): Promise<void> {
    const { record } = this.#options;
    await record.refuse(issues, { origin: 'file', content: digestOf(text) }, this.#context(byHand));
    this.#unusable(issues);
  }

  #unusable(issues: readonly ConfigIssue[]): void {
    this.#live.fail('config.json cannot be used', issues);
    this.#options.onFailure(new InvalidConfig(issues));
  }

  #failed(error: unknown): void {
    this.#recorded.isUnsettled = true;
    this.#live.fail('the config could not be looked at; trying again');
    this.#options.onFailure(error);
  }

  #deadline(): Deadline {
    return deadlineIn(defaultCallMs, this.#options.clock);
  }

  #context(actor: Actor): CommandContext {
    return { actor, deadline: this.#deadline() };
  }
}
