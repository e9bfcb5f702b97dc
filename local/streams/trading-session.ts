import { followFeed } from '../../platform/account-feed/follow.ts';
import type { FeedWakes } from '../../platform/account-feed/feed-wakes.ts';
import { deadlineIn, defaultCallMs } from '../../platform/deadline/deadline.ts';
import type { TradingCaller } from '../../functions/api/door/caller.ts';
import type { Credentials } from '../../functions/api/door/credentials.ts';
import type { Dependencies } from '../../functions/dependencies.ts';
import { authenticateStream } from '../../functions/streams/authenticate.ts';
import {
  authorization,
  listening,
  tradeUpdate,
  tradeUpdatesStream,
  tradingError,
  tradingRequest,
  type TradingRequest,
} from '../../functions/streams/trading-messages.ts';
import { type DropReason, farewells } from '../../functions/streams/farewells.ts';
import type { Connection } from './connection.ts';
import type { Session } from './session.ts';

export interface TradingSessionParts {
  readonly dependencies: Dependencies;
  readonly wakes: FeedWakes;
  /** Who is told that an account has a stream, and that one of them ended. */
  readonly presence: {
    connected(accountId: string): void;
    disconnected(accountId: string, connectionId: string): void;
  };
  readonly onFailed: (error: unknown) => void;
}

/** A connection to `/stream`: says whose it is, then hears what happens to the account's orders. */
export class TradingSession implements Session {
  readonly #connection: Connection;
  readonly #parts: TradingSessionParts;
  #caller: TradingCaller | undefined;
  #giveBack: () => void = () => undefined;
  #listening: AbortController | undefined;

  constructor(connection: Connection, parts: TradingSessionParts) {
    this.#connection = connection;
    this.#parts = parts;
  }

  get keyId(): string | undefined {
    return this.#caller?.keyId;
  }

  async begin(): Promise<void> {
    // The client speaks first.
  }

  async take(message: unknown): Promise<void> {
    const request = tradingRequest(message);
    switch (request.ask) {
      case 'authenticate':
        return this.#authenticate(request.credentials);
      case 'listen':
        return this.#listen(request);
      case 'unknown':
        await this.#connection.send(tradingError(request.why));
    }
  }

  farewell(reason: DropReason): unknown {
    return tradingError(farewells[reason]);
  }

  end(): void {
    this.#listening?.abort();
    this.#giveBack();
    const accountId = this.#caller?.accountId;
    if (accountId !== undefined) this.#parts.presence.disconnected(accountId, this.#connection.id);
  }

  async #authenticate(credentials: Credentials): Promise<void> {
    const { dependencies, presence } = this.#parts;
    const connection = this.#connection;
    if (this.#caller) {
      await connection.send(tradingError('already authenticated'));
      return;
    }
    const deadline = deadlineIn(defaultCallMs, dependencies.clock);
    const caller = await authenticateStream(dependencies, credentials, connection.address, deadline);
    if (connection.ended.aborted) return;
    if (!caller) {
      connection.drop('not-authenticated', authorization(false));
      return;
    }
    const giveBack = dependencies.streamSlots.take(caller.keyId, 'trade_updates');
    if (!giveBack) {
      connection.drop('too-many-streams');
      return;
    }
    this.#caller = caller;
    this.#giveBack = giveBack;
    presence.connected(caller.accountId);
    await connection.send(authorization(true));
  }

  async #listen({ streams, after }: Extract<TradingRequest, { readonly ask: 'listen' }>): Promise<void> {
    const { dependencies } = this.#parts;
    const caller = this.#caller;
    if (!caller) {
      await this.#connection.send(tradingError('not authenticated'));
      return;
    }
    const wanted = streams.filter((name) => name === tradeUpdatesStream).slice(0, 1);
    const isNew = wanted.length > 0 && (!this.#listening || after !== undefined);
    if (wanted.length === 0 || isNew) this.#listening?.abort();
    if (wanted.length === 0) this.#listening = undefined;
    // Where it begins is known before the client is told that it does: what follows its next order is in it.
    const deadline = deadlineIn(defaultCallMs, dependencies.clock);
    const from = after ?? (isNew ? await dependencies.accountFeed.latest(caller.accountId, deadline) : 0);
    const isSent = await this.#connection.send(listening(wanted));
    if (isSent && isNew) this.#follow(caller.accountId, from);
  }

  #follow(accountId: string, after: number): void {
    const stop = new AbortController();
    this.#listening = stop;
    const signal = AbortSignal.any([stop.signal, this.#connection.ended]);
    this.#deliver(accountId, after, signal).catch((error: unknown) => {
      this.#parts.onFailed(error);
      this.#connection.drop('failed');
    });
  }

  async #deliver(accountId: string, after: number, signal: AbortSignal): Promise<void> {
    const { dependencies, wakes } = this.#parts;
    const { accountFeed: feed, clock, telemetry } = dependencies;
    const lag = telemetry.metrics.histogram('stream_lag', { kind: tradeUpdatesStream });
    for await (const page of followFeed({ feed, wakes, clock }, { accountId, after, signal })) {
      if (signal.aborted || !(await this.#connection.send(...page.map(tradeUpdate)))) return;
      for (const { at } of page) lag.record(Math.max(0, clock.now() - at) / 1000);
    }
  }
}
