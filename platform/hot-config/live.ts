import type { ConfigIssue } from '../../domain/config/commands.ts';
import { assert } from '../../domain/values/assert.ts';
import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../clock/clock.ts';
import type { VersionedConfig } from './port.ts';
import type { ConfigError, ConfigStatus } from './port.ts';

/** The config in force and what is known of its source: what every source keeps. Swapped by one assignment. */
export class LiveConfig {
  readonly #clock: Clock;
  readonly #source: ConfigStatus['source'];
  #current: VersionedConfig | undefined;
  #inForceSince: Timestamp = timestamp(0);
  #checkedAt: Timestamp = timestamp(0);
  #error: ConfigError | undefined;

  constructor(clock: Clock, source: ConfigStatus['source']) {
    this.#clock = clock;
    this.#source = source;
  }

  /** A source has a config in force before anybody can ask for it. */
  get current(): VersionedConfig {
    assert(this.#current !== undefined, 'a source of configs is started before it is used');
    return this.#current;
  }

  get hasOne(): boolean {
    return this.#current !== undefined;
  }

  status(): ConfigStatus {
    const error = this.#error;
    return {
      source: this.#source,
      inForceSince: this.#inForceSince,
      checkedAt: this.#checkedAt,
      ...(error && { error }),
    };
  }

  /** In force from the next look at `current` on. */
  swap(checked: VersionedConfig): void {
    if (this.#current?.version !== checked.version) {
      this.#current = checked;
      this.#inForceSince = this.#clock.now();
    }
    this.confirm();
  }

  /** The source still has what is in force. */
  confirm(): void {
    this.#checkedAt = this.#clock.now();
    this.#error = undefined;
  }

  /** The last good config stays. */
  fail(message: string, issues: readonly ConfigIssue[] = []): void {
    this.#error = { at: this.#clock.now(), message, issues };
  }
}
