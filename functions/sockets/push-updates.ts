import { followedPageMax } from '../../platform/account-feed/follow.ts';
import type { FeedEntry, FeedReader } from '../../platform/account-feed/port.ts';
import { isRetryable } from '../../platform/consumer/errors.ts';
import {
  type Deadline,
  DeadlineExceeded,
  deadlineIn,
  remainingMs,
} from '../../platform/deadline/deadline.ts';
import { accountToTell } from '../../platform/sockets/dynamodb-register.ts';
import type { SocketListener, SocketRegister, Sockets } from '../../platform/sockets/port.ts';
import type { BatchAnswer, ChangeBatch } from '../consumers/shared/batches.ts';
import type { Dependencies } from '../dependencies.ts';
import { farewells } from '../streams/farewells.ts';
import { tradeUpdate, tradeUpdatesStream, tradingError } from '../streams/trading-messages.ts';

export interface PushUpdatesDependencies extends Pick<Dependencies, 'keys' | 'clock' | 'telemetry'> {
  readonly accountFeed: Pick<FeedReader, 'entriesAfter'>;
  readonly sockets: Sockets;
  readonly register: SocketRegister;
  /** What one batch may take: less than the function's own time, so that it can still answer. */
  readonly batchMs: number;
}

const accountsAtOnce = 16;
/** Of one listener in one batch: what is left is told with the next try. */
const pagesMax = 100;
/** For keeping how far a client was told when time runs out. */
const reserveMs = 500;

/**
 * Tells whoever listens what is new in the feed of their account. Woken by every new entry and every new listener, in the order of an
 * account's feed and never twice at once for one, so each is told everything once and in order; what a batch told when it failed comes again,
 * under the same number. A client that does not take what it is told is let go: it holds up nobody, and resumes by the last number it has.
 */
export function pushUpdates(dependencies: PushUpdatesDependencies) {
  const { clock, batchMs, telemetry } = dependencies;
  return async ({ Records }: ChangeBatch): Promise<BatchAnswer> => {
    const deadline = deadlineIn(batchMs, clock);
    const accounts = [...new Set(Records.flatMap((record) => accountToTell(record) ?? []))];
    try {
      for (let next = 0; next < accounts.length; next += accountsAtOnce) {
        const some = accounts.slice(next, next + accountsAtOnce);
        await allEnded(some.map((account) => tell(dependencies, account, deadline)));
      }
      return { batchItemFailures: [] };
    } catch (error) {
      if (!isRetryable(error)) throw error;
      telemetry.log.error('updates could not be told; trying again', error);
      return {
        batchItemFailures: Records.map(({ dynamodb }) => ({
          itemIdentifier: dynamodb?.SequenceNumber ?? '',
        })),
      };
    }
  };
}

async function tell(
  dependencies: PushUpdatesDependencies,
  accountId: string,
  deadline: Deadline,
): Promise<void> {
  const listeners = await dependencies.register.listeners(accountId, deadline);
  await allEnded(listeners.map((listener) => new Telling(dependencies, listener, deadline).run()));
}

/** Nobody is still being told something when one's failure is. */
async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(works)) if (one.status === 'rejected') throw one.reason;
}

class Telling {
  readonly #dependencies: PushUpdatesDependencies;
  readonly #deadline: Deadline;
  #listener: SocketListener;

  constructor(dependencies: PushUpdatesDependencies, listener: SocketListener, deadline: Deadline) {
    this.#dependencies = dependencies;
    this.#listener = listener;
    this.#deadline = deadline;
  }

  async run(): Promise<void> {
    const { accountFeed, keys } = this.#dependencies;
    const { accountId, keyId } = this.#listener;
    if (!(await keys.isInForce(keyId, this.#deadline))) {
      await this.#letGo(farewells['key-revoked']);
      return;
    }
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const { told } = this.#listener;
      const page = await accountFeed.entriesAfter(accountId, told, followedPageMax, this.#deadline);
      if (!(await this.#say(page)) || page.length < followedPageMax) return;
    }
    throw new DeadlineExceeded('there was no time to tell everything');
  }

  /** False: it is told nothing more. */
  async #say(page: readonly FeedEntry[]): Promise<boolean> {
    const { sockets, telemetry, clock } = this.#dependencies;
    const { connectionId } = this.#listener;
    const lag = telemetry.metrics.histogram('stream_lag', { kind: tradeUpdatesStream });
    for (const entry of page) {
      try {
        const text = JSON.stringify(tradeUpdate(entry));
        const outcome = await sockets.say(connectionId, text, this.#deadline);
        if (outcome === 'gone') return await this.#forget();
      } catch (error) {
        if (remainingMs(this.#deadline, clock) < reserveMs) return this.#comeAgain(entry, error);
        telemetry.log.error('a client was not reached and is let go', error);
        return this.#letGo(farewells.slow);
      }
      lag.record(Math.max(0, clock.now() - entry.at) / 1000);
    }
    const last = page.at(-1);
    return last === undefined || this.#remember(last.number);
  }

  /** Time ran out, which is not the client's fault. */
  async #comeAgain({ number }: FeedEntry, cause: unknown): Promise<never> {
    const { clock } = this.#dependencies;
    const { told } = this.#listener;
    const afterwards = deadlineIn(reserveMs, clock);
    if (number - 1 > told)
      await this.#dependencies.register.hasBeenTold(this.#listener, number - 1, afterwards);
    throw new DeadlineExceeded('there was no time to tell everything', { cause });
  }

  async #remember(told: number): Promise<boolean> {
    const { register } = this.#dependencies;
    const isOurs = await register.hasBeenTold(this.#listener, told, this.#deadline);
    // An answer that was lost looks like somebody else's telling until it is looked at.
    const now = isOurs ? { told } : await register.listener(this.#listener, this.#deadline);
    this.#listener = { ...this.#listener, told };
    return now?.told === told;
  }

  /** It is gone, and what follows from that is up to who is told of its end: here nobody would cancel its account's orders. */
  async #forget(): Promise<false> {
    await this.#dependencies.register.stopsListening(this.#listener, this.#deadline);
    return false;
  }

  /**
   * Told why, if it still hears. Its end is told by whoever holds the connection, and so is what follows from it. Throws where that one
   * does not answer: the batch comes again, and finds one listener less.
   */
  async #letGo(why: string): Promise<false> {
    const { sockets, register } = this.#dependencies;
    const { connectionId } = this.#listener;
    await register.stopsListening(this.#listener, this.#deadline);
    await sockets.say(connectionId, JSON.stringify(tradingError(why)), this.#deadline);
    await sockets.end(connectionId, this.#deadline);
    return false;
  }
}
