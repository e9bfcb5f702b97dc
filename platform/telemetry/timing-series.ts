import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Histogram } from './metrics.ts';

/** What a histogram holds, in the unit of its metric. */
export interface Spread {
  readonly count: number;
  readonly sum: number;
  /** Of the last one to two windows. */
  readonly quantiles: readonly (readonly [quantile: number, value: number])[];
}

const quantiles = [0.5, 0.9, 0.99, 0.999] as const;
const windowMs = 60_000;
/** Recorded as whole numbers of a thousandth: microseconds, when the metric is in milliseconds. */
const scale = 1_000;
/** Ten minutes in microseconds; what is longer counts as this. */
const highest = 600_000_000;

/**
 * One series of a histogram. Count and sum grow for ever, as scrapers expect; quantiles of a whole life would hide a bad minute,
 * so they are of the recent past. Recording costs some 16 ns.
 */
export class TimingSeries implements Histogram {
  #count = 0;
  #sum = 0;
  #current = fresh();
  #before = fresh();
  #turnedMs: number;

  constructor(nowMs: number) {
    this.#turnedMs = nowMs;
  }

  record(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#current.record(Math.min(highest, Math.max(1, Math.round(value * scale))));
  }

  spread(nowMs: number): Spread {
    const recent = fresh();
    recent.add(this.#before);
    recent.add(this.#current);
    if (nowMs - this.#turnedMs >= windowMs) this.#turn(nowMs);
    const values = quantiles.map(
      (quantile) => [quantile, recent.percentile(quantile * 100) / scale] as const,
    );
    return { count: this.#count, sum: this.#sum, quantiles: recent.count > 0 ? values : [] };
  }

  #turn(nowMs: number): void {
    this.#turnedMs = nowMs;
    const emptied = this.#before;
    emptied.reset();
    this.#before = this.#current;
    this.#current = emptied;
  }
}

/** Two figures: an error of a hundredth, and a tenth of the memory of three. */
function fresh(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest, figures: 2 });
}
