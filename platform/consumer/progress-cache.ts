import { assert } from '../../domain/values/assert.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Fold, Known } from './errand.ts';
import type { EffectStore, Progress, Projection } from './port.ts';

/** How far streams are applied, as this process last knew. May be behind: the condition of the write finds out. */
export class ProgressCache<Memory, Effect> {
  readonly #projection: Projection<Memory, Effect>;
  readonly #effects: Pick<EffectStore<Effect>, 'progress'>;
  readonly #streamsMax: number;
  readonly #folds = new Map<string, Fold<Memory>>();

  constructor(
    projection: Projection<Memory, Effect>,
    effects: Pick<EffectStore<Effect>, 'progress'>,
    streamsMax: number,
  ) {
    this.#projection = projection;
    this.#effects = effects;
    this.#streamsMax = streamsMax;
  }

  /** One for each stream asked for, from the store where this process does not know. */
  async known(streams: readonly string[], deadline: Deadline): Promise<readonly Known<Memory>[]> {
    const unknown = streams.filter((stream) => !this.#folds.has(stream));
    const stored = unknown.length > 0 ? await this.#effects.progress(unknown, deadline) : undefined;
    return streams.map((stream) => {
      const progress = stored?.get(stream);
      if (progress) return this.#restored(progress);
      return this.#folds.get(stream) ?? { applied: 0, memory: this.#projection.initial };
    });
  }

  #restored({ applied, memory }: Progress): Known<Memory> {
    return memory === undefined ? { applied } : { applied, memory: this.#projection.restore(memory) };
  }

  /** The least recently written go first. */
  remember(stream: string, fold: Fold<Memory>): void {
    this.#folds.delete(stream);
    this.#folds.set(stream, fold);
    if (this.#folds.size <= this.#streamsMax) return;
    const [oldest] = this.#folds.keys();
    assert(oldest !== undefined, 'a map above its bound holds something');
    this.#folds.delete(oldest);
  }

  forget(stream: string): void {
    this.#folds.delete(stream);
  }

  clear(): void {
    this.#folds.clear();
  }
}
