import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../clock/clock.ts';
import { type Deadline, deadlineIn, longestCallMs } from '../deadline/deadline.ts';
import type { WrittenPage, WrittenStreams } from '../event-store/written-streams.ts';
import type { AttendedConsumer } from './attended.ts';
import { nothingSwept, plus, type Swept } from './sweep.ts';

export interface SweeperLimits {
  /** Commits younger than this may well be on their way: nobody has lost them yet. */
  readonly graceMs: number;
  /** What one run may take, shared out evenly, but for the page in work; the next run goes on there. */
  readonly runMs: number;
}

/** Together with a run every minute: what was lost is home within a minute and a quarter of its being written. */
export const sweeperLimits: SweeperLimits = { graceMs: 10_000, runMs: 20_000 };

/** Where sweeps go on; a local feed keeps such places for its consumers. */
export interface Places {
  /** Undefined where there is none yet; a local feed's beginning is as good. */
  cursor(name: string): Promise<string | undefined>;
  saveCursor(name: string, place: string): Promise<void>;
}

export interface SweeperOptions {
  readonly source: WrittenStreams;
  /** Where its places survive a restart; without, it begins again from the first commit. */
  readonly places?: Places;
  /** Asked with each run, so that nobody who begins later is forgotten. */
  readonly consumers: () => readonly AttendedConsumer[];
  readonly clock: Clock;
  /** Told which consumer could not be swept, and why; the next run tries again. Must not throw. */
  readonly onFailure: (consumer: string, error: unknown) => void;
  readonly limits?: Partial<SweeperLimits>;
}

/** What one consumer's part of a run came to. */
export interface SweptConsumerReport extends Swept {
  readonly consumer: string;
  /** It is up to date, but for what is younger than the grace. */
  readonly isComplete: boolean;
}

/**
 * The sweep as a schedule runs it: for each consumer, goes on where the last run stopped and compares what was written since with what
 * is applied. Each has its own place, so that one that is down holds up no other. A run costs what was written, not what there is.
 */
export class Sweeper {
  readonly #options: SweeperOptions;
  readonly #limits: SweeperLimits;
  readonly #places = new Map<string, string>();
  #running: Promise<readonly SweptConsumerReport[]> | undefined;

  constructor(options: SweeperOptions) {
    this.#options = options;
    this.#limits = { ...sweeperLimits, ...options.limits };
  }

  /** Never twice at once: who asks meanwhile gets the run in work. */
  async run(): Promise<readonly SweptConsumerReport[]> {
    this.#running ??= this.#sweepAll();
    try {
      return await this.#running;
    } finally {
      this.#running = undefined;
    }
  }

  async #sweepAll(): Promise<readonly SweptConsumerReport[]> {
    const reports: SweptConsumerReport[] = [];
    const consumers = this.#options.consumers();
    const pages = new Pages(this.#options.source, earlier(this.#options.clock.now(), this.#limits.graceMs));
    for (const consumer of consumers) {
      try {
        reports.push(await this.#sweepOne(consumer, pages, this.#limits.runMs / consumers.length));
      } catch (error) {
        this.#options.onFailure(consumer.name, error);
      }
    }
    return reports;
  }

  async #sweepOne(consumer: AttendedConsumer, pages: Pages, shareMs: number): Promise<SweptConsumerReport> {
    const { clock } = this.#options;
    const stopAt = clock.monotonicMs() + shareMs;
    let total = nothingSwept;
    let place = await this.#placeOf(consumer.name);
    for (;;) {
      const page = await pages.after(place, deadlineIn(longestCallMs, clock));
      total = plus(total, await consumer.sweepHeads(page.heads));
      await this.#keep(consumer.name, place, page.place);
      place = page.place;
      if (page.isLast || clock.monotonicMs() >= stopAt)
        return { ...total, consumer: consumer.name, isComplete: page.isLast };
    }
  }

  async #placeOf(consumer: string): Promise<string | undefined> {
    return this.#places.get(consumer) ?? (await this.#options.places?.cursor(placeName(consumer)));
  }

  async #keep(consumer: string, before: string | undefined, place: string): Promise<void> {
    this.#places.set(consumer, place);
    if (place !== before) await this.#options.places?.saveCursor(placeName(consumer), place);
  }
}

/** Of one run. Consumers are mostly at one place, and what one has read the next need not read again. */
const pagesKept = 100;

class Pages {
  readonly #source: WrittenStreams;
  readonly #until: Timestamp;
  readonly #pages = new Map<string | undefined, WrittenPage>();

  constructor(source: WrittenStreams, until: Timestamp) {
    this.#source = source;
    this.#until = until;
  }

  async after(place: string | undefined, deadline: Deadline): Promise<WrittenPage> {
    const known = this.#pages.get(place);
    if (known) return known;
    const page = await this.#source.written(place, this.#until, deadline);
    if (this.#pages.size < pagesKept) this.#pages.set(place, page);
    return page;
  }
}

function placeName(consumer: string): string {
  return `sweep-${consumer}`;
}

function earlier(now: Timestamp, milliseconds: number): Timestamp {
  return timestamp(Math.max(0, now - milliseconds * 1_000));
}
