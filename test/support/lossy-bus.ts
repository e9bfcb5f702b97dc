import { type BusEvent, eventOf } from '../../platform/event-bus/in-process.ts';
import {
  BusRejected,
  BusUnavailable,
  type Published,
  type Publisher,
} from '../../platform/event-bus/port.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import type { Random } from '../../platform/random/random.ts';

/** How often, of a hundred, each thing happens to an entry. */
export interface Weather {
  /** Taken and never delivered. */
  readonly lost: number;
  readonly repeated: number;
  /** Not taken, and said so. */
  readonly failed: number;
  /** Taken, and said to have failed. */
  readonly halfFailed: number;
  /** Never to be taken, for as long as the test does not clear it up. */
  readonly refused: number;
  /** Turns that an entry waits at most before it is delivered; each waits its own time, so that they swap places. */
  readonly delayMax: number;
}

export const calm: Weather = { lost: 0, repeated: 0, failed: 0, halfFailed: 0, refused: 0, delayMax: 0 };
export const storm: Weather = {
  lost: 4,
  repeated: 8,
  failed: 6,
  halfFailed: 4,
  refused: 0.2,
  delayMax: 20,
};

interface OnTheWay {
  readonly event: BusEvent;
  readonly due: number;
}

export interface LossyBusOptions {
  readonly random: Random;
  readonly weather: Weather;
  /** Taken, and lost however often they come. */
  readonly isDropped?: (commit: Commit) => boolean;
}

/** A bus that does to entries whatever buses do. Time passes in turns, so nothing ever waits. */
export class LossyBus implements Publisher {
  weather: Weather;
  readonly #options: LossyBusOptions;
  #onTheWay: OnTheWay[] = [];
  #turn = 0;
  readonly counts = { taken: 0, lost: 0, repeated: 0, failed: 0, halfFailed: 0, refused: 0 };

  constructor(options: LossyBusOptions) {
    this.#options = options;
    this.weather = options.weather;
  }

  async publish(commits: readonly Commit[]): Promise<readonly Published[]> {
    return commits.map((commit) => this.#publish(commit));
  }

  /** What is delivered now; nothing is left when it is empty and `isEmpty`. */
  deliver(): readonly BusEvent[] {
    this.#turn += 1;
    const due = this.#onTheWay.filter((one) => one.due <= this.#turn);
    this.#onTheWay = this.#onTheWay.filter((one) => one.due > this.#turn);
    return due.toSorted(() => this.#options.random.fraction() - 0.5).map(({ event }) => event);
  }

  get isEmpty(): boolean {
    return this.#onTheWay.length === 0;
  }

  #publish(commit: Commit): Published {
    if (this.#happens('refused')) return { outcome: 'refused', error: new BusRejected('refused') };
    if (this.#happens('failed')) return { outcome: 'unavailable', error: new BusUnavailable('failed') };
    this.#take(commit);
    if (this.#happens('repeated')) this.#take(commit);
    if (this.#happens('halfFailed'))
      return { outcome: 'unavailable', error: new BusUnavailable('half failed') };
    return { outcome: 'published' };
  }

  #take(commit: Commit): void {
    this.counts.taken += 1;
    if (this.#options.isDropped?.(commit) || this.#happens('lost')) return;
    const waits = Math.floor(this.#options.random.fraction() * (this.weather.delayMax + 1));
    this.#onTheWay.push({ event: eventOf(commit), due: this.#turn + waits });
  }

  #happens(what: 'lost' | 'repeated' | 'failed' | 'halfFailed' | 'refused'): boolean {
    const isSo = this.#options.random.fraction() * 100 < this.weather[what];
    if (isSo) this.counts[what] += 1;
    return isSo;
  }
}
