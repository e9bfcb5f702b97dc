import { createHash } from 'node:crypto';
import type { Random } from '../../platform/random/random.ts';

/** sfc32: small, fast, the same numbers on every machine. Forks are independent, so that one more draw here changes nothing there. */
export class Prng implements Random {
  readonly #name: string;
  readonly #state: Uint32Array;
  #ids = 0;

  constructor(name: string) {
    this.#name = name;
    const seed = createHash('sha256').update(name).digest();
    this.#state = Uint32Array.from([0, 4, 8, 12], (offset) => seed.readUInt32LE(offset));
  }

  fork(name: string): Prng {
    return new Prng(`${this.#name}/${name}`);
  }

  /** Uniform in [0, 1). */
  fraction(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state;
    const sum = (a + b + counter) >>> 0;
    this.#state.set([
      b ^ (b >>> 9),
      (c + (c << 3)) >>> 0,
      (((c << 21) | (c >>> 11)) + sum) >>> 0,
      counter + 1,
    ]);
    return sum / 2 ** 32;
  }

  /** Uniform among the whole numbers from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<Member>(members: readonly [Member, ...Member[]]): Member {
    return members[this.between(0, members.length - 1)] ?? members[0];
  }

  /** A member of a list that may be empty. */
  any<Member>(members: readonly Member[]): Member | undefined {
    return members[this.between(0, members.length - 1)];
  }

  /** One of the names, as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const names = Object.keys(weights) as Name[];
    let left = this.fraction() * names.reduce((sum, name) => sum + weights[name], 0);
    for (const name of names) {
      left -= weights[name];
      if (left < 0) return name;
    }
    throw new RangeError('weights add up to more than nothing');
  }

  id(): string {
    this.#ids += 1;
    const digest = createHash('sha256').update(`${this.#name}#${this.#ids}`).digest('base64url');
    return digest.slice(0, 22);
  }
}
