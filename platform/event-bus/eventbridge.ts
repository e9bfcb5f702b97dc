import {
  DescribeEventBusCommand,
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import type { Clock } from '../clock/clock.ts';
import { type Deadline, remainingMs } from '../deadline/deadline.ts';
import type { Commit } from '../event-store/port.ts';
import { signalFor } from '../outgoing/signal.ts';
import type { Random } from '../random/random.ts';
import { type BusEntry, entryOf } from './entry.ts';
import { type Fault, faultOfEntry, faultOfRequest } from './eventbridge-errors.ts';
import { requestsOf } from './limits.ts';
import { busSource } from './names.ts';
import { BusMissing, BusRejected, BusUnavailable, type Published, type Publisher } from './port.ts';

export interface PublishLimits {
  readonly attemptsMax: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** What one request may take. */
  readonly requestMs: number;
}

/** Eight attempts pause for four seconds at most in all. */
export const publishLimits: PublishLimits = {
  attemptsMax: 8,
  firstPauseMs: 50,
  longestPauseMs: 1_000,
  requestMs: 3_000,
};

export interface EventBridgeOptions {
  /** Made by `createEventBridgeClient`, so that its calls end. Stays the caller's to destroy. */
  readonly client: EventBridgeClient;
  readonly bus: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits?: Partial<PublishLimits>;
}

/** An entry and which of the commits it stands for. */
interface Indexed extends BusEntry {
  readonly index: number;
}

interface Answered {
  readonly entry: Indexed;
  readonly answer: Answer;
}

type Answer = 'taken' | { readonly fault: Fault; readonly error: Error };

/** EventBridge: a request that was answered with 200 has failed for every entry that says so in the answer. */
export class EventBridgePublisher implements Publisher {
  readonly #options: EventBridgeOptions;
  readonly #limits: PublishLimits;

  private constructor(options: EventBridgeOptions) {
    this.#options = options;
    this.#limits = { ...publishLimits, ...options.limits };
  }

  /** Throws `BusMissing` where there is no such bus, `BusRejected` where looking is refused, `BusUnavailable` without an answer. */
  static async open(options: EventBridgeOptions, deadline: Deadline): Promise<EventBridgePublisher> {
    const publisher = new EventBridgePublisher(options);
    await publisher.#checkBus(deadline);
    return publisher;
  }

  async publish(commits: readonly Commit[], deadline: Deadline): Promise<readonly Published[]> {
    const answers: Published[] = [];
    let waiting = commits.map((commit, index): Indexed => ({ ...entryOf(commit), index }));
    for (let attempt = 1; waiting.length > 0; attempt++) {
      const again: Indexed[] = [];
      for (const { entry, answer } of await this.#putAll(waiting, deadline)) {
        answers[entry.index] = publishedBy(answer);
        if (answer !== 'taken' && answer.fault === 'later') again.push(entry);
      }
      waiting = again.length > 0 && (await this.#hasPaused(attempt, deadline)) ? again : [];
    }
    return answers;
  }

  async #putAll(entries: readonly Indexed[], deadline: Deadline): Promise<readonly Answered[]> {
    const answered: Answered[] = [];
    for (const request of requestsOf(entries)) {
      const answers = await this.#put(request, deadline);
      answered.push(...request.map((entry, index) => ({ entry, answer: answers[index] ?? unanswered })));
    }
    return answered;
  }

  /** One answer for each entry. */
  async #put(entries: readonly BusEntry[], deadline: Deadline): Promise<readonly Answer[]> {
    try {
      const { Entries = [] } = await this.#options.client.send(
        this.#request(entries),
        this.#bounded(deadline),
      );
      return entries.map((_, index) => answerIn(Entries[index]));
    } catch (cause) {
      const fault = faultOfRequest(cause);
      // One entry spoils the request: alone, only that one is refused.
      if (fault === 'content' && entries.length > 1) return this.#putAlone(entries, deadline);
      const error = said(fault, cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
      return entries.map(() => ({ fault, error }));
    }
  }

  async #putAlone(entries: readonly BusEntry[], deadline: Deadline): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    for (const entry of entries) answers.push(...(await this.#put([entry], deadline)));
    return answers;
  }

  #request(entries: readonly BusEntry[]): PutEventsCommand {
    const { bus } = this.#options;
    return new PutEventsCommand({
      Entries: entries.map(({ kind, detail }) => ({
        EventBusName: bus,
        Source: busSource,
        DetailType: kind,
        Detail: detail,
      })),
    });
  }

  async #checkBus(deadline: Deadline): Promise<void> {
    const { client, bus } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(new DescribeEventBusCommand({ Name: bus }), this.#bounded(deadline));
        return;
      } catch (cause) {
        if (cause instanceof Error && cause.name === 'ResourceNotFoundException')
          throw new BusMissing(bus, { cause });
        const what = `the event bus ${bus} could not be looked at`;
        if (faultOfRequest(cause) !== 'later') throw new BusRejected(what, { cause });
        if (!(await this.#hasPaused(attempt, deadline))) throw new BusUnavailable(what, { cause });
      }
    }
  }

  #bounded(deadline: Deadline): { readonly abortSignal: AbortSignal } {
    return { abortSignal: signalFor(deadline, this.#options.clock, this.#limits.requestMs) };
  }

  /** Full jitter: those who were throttled together must not come back together. False when there is no further attempt. */
  async #hasPaused(attempt: number, deadline: Deadline): Promise<boolean> {
    const { clock, random } = this.#options;
    const { attemptsMax, firstPauseMs, longestPauseMs } = this.#limits;
    const pauseMs = random.fraction() * Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
    if (attempt >= attemptsMax || remainingMs(deadline, clock) <= pauseMs) return false;
    await clock.sleep(pauseMs);
    return true;
  }
}

const unanswered: Answer = { fault: 'later', error: new BusUnavailable('the bus did not answer in time') };

/** What the service says of one entry. An answer that leaves it out is none. */
function answerIn(entry: PutEventsResultEntry | undefined): Answer {
  const { EventId, ErrorCode, ErrorMessage = 'no message' } = entry ?? {};
  if (ErrorCode === undefined) return EventId === undefined ? unanswered : 'taken';
  const fault = faultOfEntry(ErrorCode);
  return { fault, error: said(fault, `${ErrorCode}: ${ErrorMessage}`) };
}

function said(fault: Fault, words: string): Error {
  return fault === 'content' ? new BusRejected(words) : new BusUnavailable(words);
}

/** Nothing is wrong with an entry where a right is missing: all of them wait until somebody has given it. */
function publishedBy(answer: Answer): Published {
  if (answer === 'taken') return { outcome: 'published' };
  const { fault, error } = answer;
  return { outcome: fault === 'content' ? 'refused' : 'unavailable', error };
}
