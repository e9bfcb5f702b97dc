import { otherLots } from '../../domain/config/lots.ts';
import { timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../clock/clock.ts';
import { Rounds } from '../clock/rounds.ts';
import type { CommandContext } from '../command-handler/context.ts';
import { deadlineIn, defaultCallMs } from '../deadline/deadline.ts';
import type { AppConfigSession } from './appconfig-session.ts';
import { InvalidConfig, recordedConfig } from './check.ts';
import { digestOf } from './content.ts';
import { checkConfigText } from './config-text.ts';
import { LiveConfig } from './live.ts';
import type { ConfigChange, ConfigStatus, HotConfig, VersionedConfig } from './port.ts';
import type { ConfigRecord } from './record.ts';

export interface AppConfigOptions {
  readonly session: AppConfigSession;
  readonly record: Pick<ConfigRecord, 'head' | 'change' | 'refuse'>;
  readonly clock: Clock;
  /** Told of every outage, refused token and config that cannot be used. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** Somebody waits for an answer meanwhile, and the last good config is at hand. */
const freshenMs = 1_000;

/** Nobody has ever put a config in force here, and the service gives none. */
export class ConfigMissing extends Error {
  override readonly name = 'ConfigMissing';
}

/**
 * The config as AppConfig deploys it. What it says is in force at once, and the record follows, by whichever process sees it first; what
 * cannot be used, and every outage, leaves the last good one. Never asks sooner than the service said.
 */
export class AppConfigConfig implements HotConfig {
  readonly #options: AppConfigOptions;
  readonly #live: LiveConfig;
  readonly #rounds: Rounds;
  #unrecorded: VersionedConfig | undefined;
  /** What the service said last, until it is dealt with. */
  #untaken: string | undefined;
  #polledAt = timestamp(0);
  #freshening: Promise<void> | undefined;

  constructor(options: AppConfigOptions) {
    this.#options = options;
    this.#live = new LiveConfig(options.clock, 'appconfig');
    this.#rounds = new Rounds({
      clock: options.clock,
      round: async () => {
        await this.#poll(defaultCallMs);
        return options.session.intervalMs;
      },
      // Not reached: a poll that fails waits like any other.
      afterFailureMs: 60_000,
      onFailure: options.onFailure,
    });
  }

  /** Begins with the last config on record while the service does not answer. Throws `ConfigMissing` when there is none either. */
  async start(): Promise<void> {
    await this.open();
    this.#rounds.start(this.#options.session.intervalMs);
  }

  /** The same without polling by itself: for a process that is frozen between calls, which asks for what is due with each of them. */
  async open(): Promise<void> {
    await this.#poll(defaultCallMs);
    if (!this.#live.hasOne) await this.#resume();
  }

  /** Polls when the service's interval is over, once however many ask, and by the wall clock: the other may stand while a process is frozen. Never throws. */
  async freshen(): Promise<void> {
    const ageMs = (this.#options.clock.now() - this.#polledAt) / 1_000;
    if (!this.#freshening && ageMs >= 0 && ageMs < this.#options.session.intervalMs) return;
    this.#freshening ??= this.#poll(freshenMs);
    await this.#freshening;
    this.#freshening = undefined;
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

  async change(): Promise<ConfigChange> {
    return { outcome: 'elsewhere' };
  }

  async #resume(): Promise<void> {
    const { record, clock } = this.#options;
    const { error } = this.#live.status();
    const state = await record.head(deadlineIn(defaultCallMs, clock));
    if (state.kind === 'none') throw new ConfigMissing(error?.message ?? 'AppConfig gives no config');
    this.#live.swap(recordedConfig(state));
    this.#live.fail(error?.message ?? 'AppConfig gives no config', error?.issues);
  }

  /** Never throws: whatever happens, the next poll is after the service's own interval. */
  async #poll(milliseconds: number): Promise<void> {
    const { session, clock, onFailure } = this.#options;
    this.#polledAt = clock.now();
    try {
      const polled = await session.poll(deadlineIn(milliseconds, clock));
      if (polled.outcome === 'text') this.#untaken = polled.text;
      if (this.#untaken !== undefined) await this.#take(this.#untaken);
      else if (polled.outcome === 'rejected') this.#missed(polled.error);
      else this.#unchanged();
      await this.#recordWhatIsInForce();
    } catch (error) {
      if (!this.#unrecorded) this.#missed(error);
      else onFailure(error);
    }
  }

  /** An empty body says that what was sent last still stands: also when that could not be used. */
  #unchanged(): void {
    const issues = this.#live.status().error?.issues ?? [];
    if (issues.length === 0 && this.#live.hasOne) this.#live.confirm();
  }

  #missed(error: unknown): void {
    const issues = this.#live.status().error?.issues ?? [];
    if (issues.length === 0) this.#live.fail('AppConfig did not answer as it should; trying again');
    this.#options.onFailure(error);
  }

  /** The service says it once: where the record cannot be read, the next poll takes it. */
  async #take(text: string): Promise<void> {
    const { record, onFailure } = this.#options;
    const result = await this.#checked(text);
    this.#untaken = undefined;
    if ('checked' in result) {
      const { checked } = result;
      const isNew = !this.#live.hasOne || this.#live.current.version !== checked.version;
      this.#live.swap(checked);
      if (isNew) this.#unrecorded = checked;
      return;
    }
    this.#live.fail('the config in AppConfig cannot be used', result.issues);
    onFailure(new InvalidConfig(result.issues));
    await record.refuse(result.issues, { origin: 'appconfig', content: digestOf(text) }, this.#context());
  }

  /** By itself, and as what follows on the record. */
  async #checked(text: string): Promise<ReturnType<typeof checkConfigText>> {
    const { record, clock } = this.#options;
    const result = checkConfigText(text);
    if ('issues' in result) return result;
    const state = await record.head(deadlineIn(defaultCallMs, clock));
    const issues = state.kind === 'config' ? otherLots(state.lots, result.checked.document) : [];
    return issues.length > 0 ? { issues } : result;
  }

  /** Until it is on record: of several processes the first writes it, the others find it there. */
  async #recordWhatIsInForce(): Promise<void> {
    const checked = this.#unrecorded;
    if (!checked) return;
    await this.#options.record.change(checked, { origin: 'appconfig' }, this.#context());
    this.#unrecorded = undefined;
  }

  #context(): CommandContext {
    const deadline = deadlineIn(defaultCallMs, this.#options.clock);
    return { actor: { kind: 'system', id: 'appconfig', proof: 'internal' }, deadline };
  }
}
