import type { ConfigState } from '../../domain/config/state.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { recordedConfig } from './check.ts';
import { type ConfigFile, noFile, type Signature } from './config-file.ts';
import { configText } from './config-text.ts';
import type { LiveConfig } from './live.ts';
import type { VersionedConfig } from './port.ts';
import type { ConfigRecord, Recorded } from './record.ts';

/**
 * Keeps the record, the file and what is in force together. The record comes first: the new file is made durable beside the old one, the
 * change is recorded, and only then it is in force and takes the file's place. What is on record when the process dies in between
 * is put into the file by the next start.
 */
export class RecordedFile {
  readonly #file: ConfigFile;
  readonly #record: ConfigRecord;
  readonly #live: LiveConfig;
  /** What is on record may not be in the file. */
  isUnsettled = true;
  /** The state of the file that was dealt with. */
  seen: Signature = noFile;

  constructor(file: ConfigFile, record: ConfigRecord, live: LiveConfig) {
    this.#file = file;
    this.#record = record;
    this.#live = live;
  }

  async write(checked: VersionedConfig, recording: () => Promise<Recorded>): Promise<Recorded> {
    await this.#file.prepare(checked.version, configText(checked.document));
    this.isUnsettled = true;
    const recorded = await recording();
    if (recorded.outcome === 'recorded') {
      this.#live.swap(checked);
      await this.#publish(checked.version);
    } else await this.#file.discard(checked.version);
    this.isUnsettled = false;
    return recorded;
  }

  /** What a crash or a lost answer left: a file whose change is on record takes its place, any other is nobody's. */
  async settle(deadline: Deadline): Promise<ConfigState> {
    const state = await this.#record.head(deadline);
    if (state.kind === 'config') this.#live.swap(recordedConfig(state));
    for (const version of await this.#file.pending()) {
      const isOnRecord = state.kind === 'config' && state.version === version;
      await (isOnRecord ? this.#publish(version) : this.#file.discard(version));
    }
    this.isUnsettled = false;
    return state;
  }

  async #publish(version: string): Promise<void> {
    await this.#file.publish(version);
    this.seen = await this.#file.signature();
  }
}
