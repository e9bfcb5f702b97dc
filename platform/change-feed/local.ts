import type { Clock } from '../clock/clock.ts';
import { within } from '../clock/within.ts';
import type { Delivered } from '../consumer/stream-consumer.ts';
import { type Deadline, deadlineIn, remainingMs } from '../deadline/deadline.ts';
import { type Lag, measuredDelivery, watchConsumer } from '../telemetry/consumer-metrics.ts';
import { type Metrics, noMetrics } from '../telemetry/metrics.ts';
import { lagOf } from './lag.ts';
import type { Commit } from '../event-store/port.ts';
import { feedStart, type LocalFeed } from '../event-store/feed.ts';

export interface LocalChangeFeedLimits {
  /** Commits delivered at once: how long the event loop stands still for it. */
  readonly batchMax: number;
  /** How long to wait for more before a batch is begun. Every batch costs a sync of the disk, which orders wait for too. */
  readonly lingerMs: number;
  /** Pauses after failures double from the first to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** How long one batch may take. */
  readonly batchMs: number;
  /** The place in the feed is saved with the effects; without effects only after so many commits. */
  readonly unsavedMax: number;
}

export const localChangeFeedLimits: LocalChangeFeedLimits = {
  batchMax: 64,
  lingerMs: 20,
  firstPauseMs: 50,
  longestPauseMs: 5_000,
  batchMs: 15_000,
  unsavedMax: 5_000,
};

export interface LocalChangeFeedOptions {
  readonly feed: LocalFeed;
  readonly consumer: {
    readonly name: string;
    deliver(commits: readonly Commit[], deadline: Deadline, mark: string): Promise<Delivered>;
  };
  /** The newest sequence of the feed. */
  readonly head: () => Promise<string>;
  readonly clock: Clock;
  /** Told of every failed batch, which is then tried again. Must not throw. */
  readonly onFailure: (error: unknown) => void;
  /** Told of each new position. Must not throw. */
  readonly onDelivered?: (position: string) => void;
  readonly limits?: Partial<LocalChangeFeedLimits>;
  /** Counts its batches, and says how far behind it is. */
  readonly metrics?: Metrics;
}

type Batch = readonly [commits: readonly Commit[], deadline: Deadline, mark: string];

interface Waiter {
  readonly sequence: string;
  readonly resolve: (reached: boolean) => void;
}

/** A consumer's durable cursor over the log of this very process: woken by commits, one batch at a time, off the callers' path. */
export class LocalChangeFeed {
  readonly #options: LocalChangeFeedOptions;
  readonly #limits: LocalChangeFeedLimits;
  readonly #deliver: (...batch: Batch) => Promise<Delivered>;
  readonly #waiters = new Set<Waiter>();
  #unsubscribe: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #hurry: () => void = () => undefined;
  #isDirty = false;
  #isStopped = false;
  #position = feedStart;
  #saved = feedStart;

  constructor(options: LocalChangeFeedOptions) {
    this.#options = options;
    this.#limits = { ...localChangeFeedLimits, ...options.limits };
    const { consumer, clock, metrics = noMetrics } = options;
    const { name } = consumer;
    this.#deliver = measuredDelivery(metrics, clock, name, (...batch: Batch) => consumer.deliver(...batch));
    watchConsumer(metrics, name, { lag: () => this.lag() });
  }

  /** Goes on where it stopped last. */
  async start(): Promise<void> {
    const { feed, consumer } = this.#options;
    this.#position = await feed.cursor(consumer.name);
    this.#saved = this.#position;
    this.#unsubscribe = feed.onCommits(() => this.#wake());
    this.#wake();
  }

  /** Finishes the batch in work and delivers no more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unsubscribe?.();
    this.#hurry();
    await this.#running;
    if (this.#position !== this.#saved) await this.#save();
    for (const { resolve } of this.#waiters) resolve(false);
    this.#waiters.clear();
  }

  /** From the beginning again, when what the consumer wrote was deleted. */
  restart(): void {
    this.#position = feedStart;
    this.#saved = feedStart;
    this.#wake();
  }

  /** Up to where the consumer has got. */
  get position(): string {
    return this.#position;
  }

  /** How much of the log is not delivered; of a kind that is rare, commits of other kinds are counted with it. */
  async lag(): Promise<Lag> {
    const { feed, head, clock } = this.#options;
    return lagOf({ feed, head: await head(), position: this.#position, clock });
  }

  /** Whether everything up to `sequence` (default: all that is durable now) was delivered by the deadline. Never lingers. */
  async caughtUp(deadline: Deadline, sequence?: string): Promise<boolean> {
    const target = sequence ?? (await this.#options.head());
    if (isReached(target, this.#position)) return true;
    const { clock } = this.#options;
    const { waiter, reached } = this.#reaching(target);
    const isInTime = await within(reached, remainingMs(deadline, clock), { clock, otherwise: false });
    this.#waiters.delete(waiter);
    return isInTime;
  }

  /** Resolves when everything durable by now was delivered, or the feed has stopped. */
  async drained(): Promise<void> {
    const target = await this.#options.head();
    if (!isReached(target, this.#position)) await this.#reaching(target).reached;
  }

  #reaching(sequence: string): { readonly waiter: Waiter; readonly reached: Promise<boolean> } {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { sequence, resolve };
    if (this.#isStopped) resolve(false);
    else this.#waiters.add(waiter);
    this.#hurry();
    this.#wake();
    return { waiter, reached: promise };
  }

  #wake(): void {
    this.#isDirty = true;
    if (!this.#isStopped) this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#isDirty && !this.#isStopped) {
      await this.#linger();
      this.#isDirty = false;
      await this.#deliverAll();
    }
    this.#running = undefined;
  }

  async #linger(): Promise<void> {
    if (this.#waiters.size > 0 || this.#limits.lingerMs === 0) return;
    await this.#pause(this.#limits.lingerMs);
  }

  /** Ends early when somebody waits, or to stop. */
  async #pause(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#hurry = resolve;
    await within(promise, milliseconds, { clock: this.#options.clock, otherwise: undefined });
    this.#hurry = () => undefined;
  }

  async #deliverAll(): Promise<void> {
    let failures = 0;
    while (!this.#isStopped) {
      try {
        if (!(await this.#deliverNext())) return;
        failures = 0;
      } catch (error) {
        this.#options.onFailure(error);
        const { firstPauseMs, longestPauseMs } = this.#limits;
        await this.#pause(Math.min(longestPauseMs, firstPauseMs * 2 ** failures));
        failures = Math.min(failures + 1, 20);
      }
      // Callers come first: whatever is waiting for the event loop runs before the next batch.
      await this.#options.clock.sleep(0);
    }
  }

  /** False at the end of the feed. */
  async #deliverNext(): Promise<boolean> {
    const { feed, clock } = this.#options;
    const from = this.#position;
    const entries = await feed.feed(from, this.#limits.batchMax);
    const last = entries.at(-1);
    if (!last) return false;
    const commits = entries.map(({ commit }) => commit);
    const deadline = deadlineIn(this.#limits.batchMs, clock);
    const { isMarked } = await this.#deliver(commits, deadline, last.sequence);
    if (this.#position !== from) return true;
    this.#position = last.sequence;
    if (isMarked) this.#saved = last.sequence;
    else if (Number(last.sequence) - Number(this.#saved) >= this.#limits.unsavedMax) await this.#save();
    this.#tellWaiters();
    this.#options.onDelivered?.(last.sequence);
    return entries.length === this.#limits.batchMax;
  }

  async #save(): Promise<void> {
    const { feed, consumer } = this.#options;
    const sequence = this.#position;
    await feed.saveCursor(consumer.name, sequence);
    this.#saved = sequence;
  }

  #tellWaiters(): void {
    for (const waiter of this.#waiters) {
      if (!isReached(waiter.sequence, this.#position)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(true);
    }
  }
}

/** A local feed counts its commits. */
function isReached(sequence: string, position: string): boolean {
  return Number(position) >= Number(sequence);
}

/** The head of a feed that does not say it. Reads all that is left, so only for logs in memory. */
export function headByReading(feed: LocalFeed, from: () => string): () => Promise<string> {
  return async () => {
    const position = from();
    return (await feed.feed(position, Number.MAX_SAFE_INTEGER)).at(-1)?.sequence ?? position;
  };
}
