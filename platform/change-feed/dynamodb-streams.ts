import type { Clock } from '../clock/clock.ts';
import { within } from '../clock/within.ts';
import { type Deadline, deadlineIn, remainingMs } from '../deadline/deadline.ts';
import type { ShardReader, ShardStart } from './dynamodb-streams-api.ts';
import type { ChangeRecord } from './records.ts';

export interface StreamsFeedLimits {
  /** Records in one batch: what Lambda hands over unless told otherwise. */
  readonly batchMax: number;
  /** Pause after a round that brought nothing. */
  readonly idleMs: number;
  /** New shards are looked for so often, and whenever one ends. */
  readonly discoverMs: number;
  /** Pauses after failures double from the first to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** How long one round may take. */
  readonly roundMs: number;
}

export const streamsFeedLimits: StreamsFeedLimits = {
  batchMax: 100,
  idleMs: 200,
  discoverMs: 10_000,
  firstPauseMs: 100,
  longestPauseMs: 5_000,
  roundMs: 15_000,
};

export interface StreamsFeedOptions {
  readonly reader: ShardReader;
  /** The function as Lambda would call it: names the records to bring again. */
  readonly handle: (batch: { readonly Records: readonly ChangeRecord[] }) => Promise<{
    readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
  }>;
  readonly clock: Clock;
  /** Told of every round that failed, which is then tried again. Must not throw. */
  readonly onFailure: (error: unknown) => void;
  readonly limits?: Partial<StreamsFeedLimits>;
}

/** The feed has dropped records before they were read: only a sweep brings those commits. */
export class RecordsForgotten extends Error {
  override readonly name = 'RecordsForgotten';
}

/** What a round brought. `isAtEnd`: nothing was left to read, and nothing was handed back. */
export interface Round {
  readonly acknowledged: number;
  readonly isAtEnd: boolean;
}

interface Shard {
  start: ShardStart;
  iterator?: string | undefined;
}

/**
 * Does what Lambda's event source mapping does, for a function in this process: reads every shard of the log's change feed from
 * its oldest record, hands over batches, and brings again from the first record that was not acknowledged. Keeps no place on
 * disk: after a start it reads what the feed still has, and consumers drop what they know.
 */
export class DynamoDbStreamsFeed {
  readonly #options: StreamsFeedOptions;
  readonly #limits: StreamsFeedLimits;
  readonly #shards = new Map<string, Shard>();
  #ended: ReadonlySet<string> = new Set();
  #discoverAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;
  readonly #waiting = new Set<() => void>();
  #isStopped = false;
  #hurry: () => void = () => undefined;

  constructor(options: StreamsFeedOptions) {
    this.#options = options;
    this.#limits = { ...streamsFeedLimits, ...options.limits };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes the batch in work and reads no more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#hurry();
    await this.#running;
  }

  /**
   * Whether the feed was read to its end, by the deadline, in rounds begun after this call: what was written before has been
   * handed over, as far as the service shows it already. Only while running.
   */
  async caughtUp(deadline: Deadline): Promise<boolean> {
    const { clock } = this.#options;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const tell = () => resolve(true);
    this.#waiting.add(tell);
    this.#hurry();
    const isInTime = await within(promise, remainingMs(deadline, clock), { clock, otherwise: false });
    this.#waiting.delete(tell);
    return isInTime;
  }

  /** One round over all shards, a batch of each. */
  async poll(): Promise<Round> {
    const deadline = deadlineIn(this.#limits.roundMs, this.#options.clock);
    const waiting = [...this.#waiting];
    await this.#discover(deadline);
    let acknowledged = 0;
    let isAtEnd = true;
    for (const [id, shard] of this.#shards) {
      if (this.#isStopped) return { acknowledged, isAtEnd: false };
      const read = await this.#read(id, shard, deadline);
      acknowledged += read.acknowledged;
      isAtEnd &&= read.isAtEnd;
    }
    if (isAtEnd) for (const tell of waiting) tell();
    return { acknowledged, isAtEnd };
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#isStopped) {
      try {
        const { acknowledged, isAtEnd } = await this.poll();
        failures = 0;
        const isWaitedFor = isAtEnd && this.#waiting.size > 0;
        await this.#pause(acknowledged > 0 || isWaitedFor ? 0 : this.#limits.idleMs, isAtEnd);
      } catch (error) {
        this.#options.onFailure(error);
        const { firstPauseMs, longestPauseMs } = this.#limits;
        await this.#pause(Math.min(longestPauseMs, firstPauseMs * 2 ** failures), false);
        failures = Math.min(failures + 1, 20);
      }
    }
  }

  /** Children of a shard need not wait for it: no consumer trusts the order of records. */
  async #discover(deadline: Deadline): Promise<void> {
    const now = this.#options.clock.monotonicMs();
    if (now < this.#discoverAt) return;
    const ids = await this.#options.reader.shards(deadline);
    this.#ended = new Set(ids.filter((id) => this.#ended.has(id)));
    for (const id of ids) {
      if (!this.#shards.has(id) && !this.#ended.has(id))
        this.#shards.set(id, { start: { from: 'TRIM_HORIZON' } });
    }
    this.#discoverAt = now + this.#limits.discoverMs;
  }

  async #read(id: string, shard: Shard, deadline: Deadline): Promise<Round> {
    const { reader } = this.#options;
    shard.iterator ??= await reader.iterator(id, shard.start, deadline);
    const page = await reader.records(shard.iterator, this.#limits.batchMax, deadline);
    if (page === 'expired' || page === 'forgotten') {
      shard.iterator = undefined;
      if (page === 'forgotten') this.#startOver(id, shard);
      return { acknowledged: 0, isAtEnd: false };
    }
    const { records, next } = page;
    if (records.length > 0) {
      const failed = await this.#handOver(records);
      if (failed) {
        this.#bringAgain(shard, failed);
        return { acknowledged: records.indexOf(failed), isAtEnd: false };
      }
      shard.start = { from: 'AFTER_SEQUENCE_NUMBER', sequence: sequenceOf(records.at(-1)) };
    }
    shard.iterator = next;
    if (next === undefined) this.#end(id);
    return { acknowledged: records.length, isAtEnd: records.length === 0 };
  }

  /** The first record that was not acknowledged. */
  async #handOver(records: readonly ChangeRecord[]): Promise<ChangeRecord | undefined> {
    const { batchItemFailures } = await this.#options.handle({ Records: records });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    return records.find((record) => failed.has(sequenceOf(record)));
  }

  #bringAgain(shard: Shard, failed: ChangeRecord): void {
    shard.start = { from: 'AT_SEQUENCE_NUMBER', sequence: sequenceOf(failed) };
    shard.iterator = undefined;
  }

  #startOver(id: string, shard: Shard): void {
    this.#options.onFailure(new RecordsForgotten(`shard ${id} has dropped records before they were read`));
    shard.start = { from: 'TRIM_HORIZON' };
  }

  #end(id: string): void {
    this.#shards.delete(id);
    this.#ended = new Set([...this.#ended, id]);
    this.#discoverAt = Number.NEGATIVE_INFINITY;
  }

  /** Ends early to stop, and for who waits where nothing stands in the way. */
  async #pause(milliseconds: number, isHurried: boolean): Promise<void> {
    if (this.#isStopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#hurry = () => {
      if (isHurried || this.#isStopped) resolve();
    };
    await within(promise, milliseconds, { clock: this.#options.clock, otherwise: undefined });
  }
}

function sequenceOf(record: ChangeRecord | undefined): string {
  return record?.dynamodb?.SequenceNumber ?? '';
}
