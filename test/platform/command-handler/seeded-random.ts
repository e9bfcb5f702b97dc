import type { Random } from '../../../platform/random/random.ts';

/** Ids that count, and fractions from a small linear congruential generator. */
export class SeededRandom implements Random {
  readonly #name: string;
  #state: number;
  #ids = 0;

  constructor(name: string, seed = 1) {
    this.#name = name;
    this.#state = seed >>> 0;
  }

  id(): string {
    this.#ids += 1;
    return `${this.#name}-${this.#ids}`;
  }

  fraction(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }
}
