import {
  cancelForDisconnected,
  causeOfEnd,
  disconnectPasses,
  type DisconnectTimes,
  disconnectTimes,
  isCancelAsked,
} from '../../platform/cancelling/cancel-on-disconnect.ts';
import type { FeedReader } from '../../platform/account-feed/port.ts';
import { isRetryable } from '../../platform/consumer/errors.ts';
import { type Deadline, remainingMs } from '../../platform/deadline/deadline.ts';
import type { SocketEntry, SocketRegister, Sockets } from '../../platform/sockets/port.ts';
import type { Credentials } from '../api/door/credentials.ts';
import type { Dependencies } from '../dependencies.ts';
import { authenticateStream } from '../streams/authenticate.ts';
import { type DropReason, farewells } from '../streams/farewells.ts';
import { streamCaps } from '../streams/stream-slots.ts';
import {
  authorization,
  listening,
  tradeUpdatesStream,
  tradingError,
  tradingRequest,
  type TradingRequest,
} from '../streams/trading-messages.ts';

/** What API Gateway says of a connection it holds. */
export interface SocketCall {
  readonly requestContext: {
    readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
    readonly connectionId: string;
    readonly identity: { readonly sourceIp: string };
  };
  readonly body?: string | undefined;
}

/** For the gateway alone: what clients hear is said over their connection. */
export interface SocketAnswer {
  readonly statusCode: 200;
}

export type TradeUpdatesDependencies = Pick<
  Dependencies,
  'keys' | 'rateLimiter' | 'clock' | 'orders' | 'accounts' | 'views' | 'telemetry'
> & {
  readonly accountFeed: Pick<FeedReader, 'latest'>;
  readonly sockets: Sockets;
  readonly register: SocketRegister;
  readonly times?: Pick<DisconnectTimes, 'graceMs' | 'everyMs'>;
};

/** Bytes of one message: as the embedded cell takes them. */
const messageMax = 16 * 1024;
/** What a client that resumes may be behind; whoever is further reads the rest first. */
export const resumedMax = 500;

const tooFarBehind =
  'since_id is too far behind: read what comes after it by GET /v2/events/trades?since_id=..., then listen from where that ended';

/**
 * `/stream` where API Gateway holds the connections: what a client says comes here, one message in a call, and what it hears is said by
 * whichever process has something to say. The messages are those of the embedded cell, in JSON.
 */
export function tradeUpdates(dependencies: TradeUpdatesDependencies) {
  return async (call: SocketCall, deadline: Deadline): Promise<SocketAnswer> => {
    const session = new SocketSession(dependencies, call, deadline);
    const { eventType } = call.requestContext;
    // Who has just connected says first whose connection it is. Until then there is nothing to know of it.
    if (eventType === 'MESSAGE') await session.take(call.body ?? '');
    if (eventType === 'DISCONNECT') await session.end();
    return { statusCode: 200 };
  };
}

class SocketSession {
  readonly #dependencies: TradeUpdatesDependencies;
  readonly #id: string;
  readonly #address: string;
  readonly #deadline: Deadline;

  constructor(dependencies: TradeUpdatesDependencies, { requestContext }: SocketCall, deadline: Deadline) {
    this.#dependencies = dependencies;
    this.#id = requestContext.connectionId;
    this.#address = requestContext.identity.sourceIp;
    this.#deadline = deadline;
  }

  async take(text: string): Promise<void> {
    const request = requestIn(text);
    try {
      if (request.ask === 'authenticate') await this.#authenticate(request.credentials);
      else if (request.ask === 'listen') await this.#listen(request);
      else await this.#say(tradingError(request.why));
    } catch (error) {
      if (!isRetryable(error)) throw error;
      this.#dependencies.telemetry.log.error('a stream failed and was ended', error);
      await this.#drop('failed');
    }
  }

  async end(): Promise<void> {
    const { register } = this.#dependencies;
    const entry = await register.find(this.#id, this.#deadline);
    if (!entry) return;
    await (entry.isWatched ? register.left(entry, this.#deadline) : register.closed(entry, this.#deadline));
    // What a death or the deadline keeps from being done is found by who looks for lost connections.
    if ((await this.#cancelFor(entry)) && entry.isWatched) await register.closed(entry, this.#deadline);
  }

  async #authenticate(credentials: Credentials): Promise<void> {
    const { register, clock } = this.#dependencies;
    if (await register.find(this.#id, this.#deadline)) {
      await this.#say(tradingError('already authenticated'));
      return;
    }
    const caller = await authenticateStream(this.#dependencies, credentials, this.#address, this.#deadline);
    if (!caller) {
      await this.#drop('not-authenticated', authorization(false));
      return;
    }
    const { accountId, keyId } = caller;
    const open = await register.ofAccount(accountId, this.#deadline);
    if (open.filter((one) => one.keyId === keyId).length >= streamCaps.perKey) {
      await this.#drop('too-many-streams');
      return;
    }
    const openedAtMs = Math.floor(clock.now() / 1_000);
    const isWatched = await isCancelAsked(this.#dependencies, accountId, this.#deadline);
    const entry = { connectionId: this.#id, accountId, keyId, openedAtMs, isWatched };
    await register.opened(entry, this.#deadline);
    // Its end may have been told of before this: nobody would tell of it again, and it would count as connected.
    if ((await this.#say(authorization(true))) === 'gone') await this.end();
  }

  async #listen({ streams, after }: Extract<TradingRequest, { readonly ask: 'listen' }>): Promise<void> {
    const { register, accountFeed } = this.#dependencies;
    const entry = await register.find(this.#id, this.#deadline);
    if (!entry) {
      await this.#say(tradingError('not authenticated'));
      return;
    }
    const wanted = streams.filter((name) => name === tradeUpdatesStream).slice(0, 1);
    if (wanted.length === 0) {
      await register.stopsListening(entry, this.#deadline);
      await this.#say(listening([]));
      return;
    }
    if (after === undefined && (await register.listener(entry, this.#deadline))) {
      await this.#say(listening(wanted));
      return;
    }
    // Where it begins is known before the client is told that it does: what follows its next order is in it.
    const latest = await accountFeed.latest(entry.accountId, this.#deadline);
    if (after !== undefined && latest - after > resumedMax) {
      await this.#say(tradingError(tooFarBehind));
      return;
    }
    await this.#say(listening(wanted));
    await register.listens({ ...entry, told: after ?? latest }, this.#deadline);
  }

  /**
   * An account that asked for it has its open orders canceled, unless another of its connections is there, or comes within the grace.
   * False: not all of them could be asked.
   */
  async #cancelFor({ accountId }: SocketEntry): Promise<boolean> {
    const { register, clock, telemetry, times = disconnectTimes } = this.#dependencies;
    const parts = { ...this.#dependencies, log: telemetry.log };
    const isBack = async () => (await register.ofAccount(accountId, this.#deadline)).length > 0;
    if ((await isBack()) || !(await isCancelAsked(parts, accountId, this.#deadline))) return true;
    await clock.sleep(Math.min(times.graceMs, remainingMs(this.#deadline, clock)));
    const cause = causeOfEnd(this.#id);
    let isDone = true;
    for (let pass = 0; pass < disconnectPasses && !(await isBack()); pass += 1) {
      const { outcome } = await cancelForDisconnected(parts, { accountId, cause }, this.#deadline);
      if (outcome === 'unasked') return true;
      isDone = outcome === 'done';
      await clock.sleep(Math.min(times.everyMs, remainingMs(this.#deadline, clock)));
    }
    return isDone;
  }

  #say(message: unknown): Promise<'said' | 'gone'> {
    return this.#dependencies.sockets.say(this.#id, JSON.stringify(message), this.#deadline);
  }

  /** Of its end the gateway tells, as of any other. */
  async #drop(reason: DropReason, farewell: unknown = tradingError(farewells[reason])): Promise<void> {
    await this.#say(farewell);
    await this.#dependencies.sockets.end(this.#id, this.#deadline);
  }
}

/** Whatever is too long, or no JSON, is told that it makes no sense. */
function requestIn(text: string): TradingRequest {
  if (Buffer.byteLength(text) > messageMax) return tradingRequest(undefined);
  try {
    return tradingRequest(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return tradingRequest(undefined);
    throw error;
  }
}
