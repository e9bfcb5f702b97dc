import type { Prng } from './prng.ts';
import type { Tally } from './tally.ts';

/** What the network and the store do to one write. */
export const writeFaults = [
  'write: answer lost',
  'write: request lost',
  'write: arrives late',
  'write: sent twice',
  'write: overtaken by its retry',
  'write: throttled',
  'write: slow',
] as const;

export const readFaults = ['read: lost', 'read: throttled', 'read: slow'] as const;

export const otherFaults = [
  'process: crash',
  'process: clock set',
  'process: clock drifts',
  'client: answer lost',
  'delivery: lost',
  'delivery: late',
  'delivery: twice',
  'delivery: given up',
  'delivery: all over again',
  'consumer: down',
  'entry: failed',
  'entry: refused',
  'disk: full',
] as const;

export type WriteFault = (typeof writeFaults)[number];
export type ReadFault = (typeof readFaults)[number];
export type Fault = WriteFault | ReadFault | (typeof otherFaults)[number];

export const faults: readonly Fault[] = [...writeFaults, ...readFaults, ...otherFaults];

/** How often one process crashes, its clock is set or begins to drift, per step. */
const rare: Partial<Record<Fault, number>> = {
  'process: crash': 0.02,
  'process: clock set': 0.02,
  'process: clock drifts': 0.02,
  'delivery: all over again': 0.2,
  'consumer: down': 0.1,
  'disk: full': 0.03,
};

/**
 * How often each fault happens in one world. Not the same in all: in each some faults are common and some are missing, since
 * many faults at once hide what a few would show.
 */
export class Weather {
  isCalm = false;
  readonly #prng: Prng;
  readonly #drifts: Prng;
  readonly #tally: Tally;
  readonly #rates = new Map<Fault, number>();

  constructor(prng: Prng, tally: Tally, without: readonly string[] = []) {
    this.#prng = prng;
    this.#drifts = prng.fork('drifts');
    this.#tally = tally;
    for (const fault of faults) {
      const dice = this.#diceOf(fault);
      const rate = dice.chance(0.6) ? dice.fraction() ** 2 * 0.3 * (rare[fault] ?? 1) : 0;
      if (!without.includes(fault)) this.#rates.set(fault, rate);
    }
  }

  /** Whether it happens now; counted when it does. */
  strikes(fault: Fault): boolean {
    if (this.isCalm || !this.#diceOf(fault).chance(this.#rates.get(fault) ?? 0)) return false;
    this.#tally.count(fault);
    return true;
  }

  /** The first of the faults that happens now. */
  first<Kind extends Fault>(kinds: readonly Kind[]): Kind | undefined {
    return kinds.find((fault) => this.strikes(fault));
  }

  /** Drift came later and draws apart, so that without it the worlds of `regressions/` are the worlds that once broke a law. */
  #diceOf(fault: Fault): Prng {
    return fault === 'process: clock drifts' ? this.#drifts : this.#prng;
  }
}
