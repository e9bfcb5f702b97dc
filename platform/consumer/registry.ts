import { assert } from '../../domain/values/assert.ts';
import type { Attended, AttendedConsumer } from './attended.ts';

/** Everything in this process that parks what it cannot process. Its composition root adds each of them once. */
export class ConsumerRegistry {
  readonly #all = new Map<string, Attended>();
  readonly #consumers: AttendedConsumer[] = [];

  /** A consumer, which sweeps look after too. */
  add(consumer: AttendedConsumer): void {
    this.addOther(consumer);
    this.#consumers.push(consumer);
  }

  /** The relay, and whatever else parks without applying anything itself. */
  addOther(one: Attended): void {
    assert(!this.#all.has(one.name), `${one.name} is attended to already`);
    this.#all.set(one.name, one);
  }

  get consumers(): readonly AttendedConsumer[] {
    return this.#consumers;
  }

  get all(): readonly Attended[] {
    return [...this.#all.values()];
  }

  find(name: string): Attended | undefined {
    return this.#all.get(name);
  }
}
