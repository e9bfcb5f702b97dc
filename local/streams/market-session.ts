import { deadlineIn, defaultCallMs } from '../../platform/deadline/deadline.ts';
import type {
  MarketBoard,
  MarketListener,
  MarketQuote,
  MarketTrade,
  MinuteBar,
} from '../../platform/market-data/market-board.ts';
import type { Credentials } from '../../functions/api/door/credentials.ts';
import type { Dependencies } from '../../functions/dependencies.ts';
import { authenticateStream } from '../../functions/streams/authenticate.ts';
import {
  barMessage,
  type MarketChannel,
  marketChannels,
  marketError,
  type marketErrors,
  marketRequest,
  marketSuccess,
  quoteMessage,
  subscription,
  type Symbols,
  tradeMessage,
} from '../../functions/streams/market-messages.ts';
import type { DropReason } from '../../functions/streams/farewells.ts';
import type { Connection } from './connection.ts';
import type { Session } from './session.ts';

export interface MarketSessionParts {
  readonly dependencies: Dependencies;
  readonly board: MarketBoard;
  /** Trades and bars that wait for the client. */
  readonly waitingMax: number;
  readonly onFailed: (error: unknown) => void;
}

const symbolsMax = 500;
const everything = '*';

const codes: Readonly<Record<DropReason, keyof typeof marketErrors>> = {
  slow: 407,
  silent: 407,
  'too-many-messages': 400,
  'not-authenticated': 404,
  'key-revoked': 401,
  'too-many-streams': 406,
  failed: 500,
  stopping: 500,
};

/**
 * A connection to market data. While one message is on its way the next is gathered: of each instrument the latest quote, and every
 * trade and bar. Too many of those, and the client is told that it is slow: nothing but quotes is left out silently.
 */
export class MarketSession implements Session, MarketListener {
  readonly #connection: Connection;
  readonly #parts: MarketSessionParts;
  readonly #subscribed: Readonly<Record<MarketChannel, Set<string>>> = {
    trades: new Set(),
    quotes: new Set(),
    bars: new Set(),
  };
  readonly #quotes = new Map<string, MarketQuote>();
  #waiting: unknown[] = [];
  #isSending = false;
  #key: string | undefined;
  #giveBack: () => void = () => undefined;
  #unlisten: () => void = () => undefined;

  constructor(connection: Connection, parts: MarketSessionParts) {
    this.#connection = connection;
    this.#parts = parts;
  }

  get keyId(): string | undefined {
    return this.#key;
  }

  async begin(): Promise<void> {
    await this.#connection.send(marketSuccess('connected'));
  }

  async take(message: unknown): Promise<void> {
    const request = marketRequest(message);
    if (request.ask === 'authenticate') return this.#authenticate(request.credentials);
    if (request.ask === 'unknown') await this.#connection.send(marketError(400));
    else if (this.#key === undefined) await this.#connection.send(marketError(401));
    else await this.#change(request.ask, request.symbols);
  }

  farewell(reason: DropReason): unknown {
    return marketError(codes[reason]);
  }

  end(): void {
    this.#unlisten();
    this.#giveBack();
  }

  onTrade(trade: MarketTrade): void {
    if (this.#wants('trades', trade.symbol)) this.#wait(tradeMessage(trade, this.#connection.writeTime));
  }

  onBar(bar: MinuteBar): void {
    if (this.#wants('bars', bar.symbol)) this.#wait(barMessage(bar, this.#connection.writeTime));
  }

  onQuote(quote: MarketQuote): void {
    if (!this.#wants('quotes', quote.symbol)) return;
    this.#quotes.set(quote.symbol, quote);
    this.#sendOn();
  }

  #wants(channel: MarketChannel, symbol: string): boolean {
    const symbols = this.#subscribed[channel];
    return symbols.has(symbol) || symbols.has(everything);
  }

  #wait(message: unknown): void {
    if (this.#waiting.length >= this.#parts.waitingMax) {
      this.#connection.drop('slow');
      return;
    }
    this.#waiting.push(message);
    this.#sendOn();
  }

  #sendOn(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#sendWaiting()
      .catch((error: unknown) => {
        this.#parts.onFailed(error);
        this.#connection.drop('failed');
      })
      .finally(() => {
        this.#isSending = false;
        if (this.#waiting.length + this.#quotes.size > 0 && !this.#connection.ended.aborted) this.#sendOn();
      })
      .catch(this.#parts.onFailed);
  }

  async #sendWaiting(): Promise<void> {
    // What else the same commit says belongs into the same message.
    await Promise.resolve();
    const quotes = [...this.#quotes.values()].map((quote) => quoteMessage(quote, this.#connection.writeTime));
    const batch = [...this.#waiting, ...quotes];
    this.#waiting = [];
    this.#quotes.clear();
    await this.#connection.send(batch);
  }

  async #authenticate(credentials: Credentials): Promise<void> {
    const { dependencies, board } = this.#parts;
    const connection = this.#connection;
    if (this.#key !== undefined) {
      await connection.send(marketError(403));
      return;
    }
    const deadline = deadlineIn(defaultCallMs, dependencies.clock);
    const caller = await authenticateStream(dependencies, credentials, connection.address, deadline);
    if (connection.ended.aborted) return;
    const giveBack = caller && dependencies.streamSlots.take(caller.keyId, 'market_data');
    if (!caller) {
      connection.drop('not-authenticated', marketError(402));
    } else if (!giveBack) {
      connection.drop('too-many-streams');
    } else {
      this.#key = caller.keyId;
      this.#giveBack = giveBack;
      this.#unlisten = board.listen(this);
      await connection.send(marketSuccess('authenticated'));
    }
  }

  async #change(ask: 'subscribe' | 'unsubscribe', symbols: Symbols): Promise<void> {
    for (const channel of marketChannels) {
      const subscribed = this.#subscribed[channel];
      for (const symbol of symbols[channel]) {
        if (ask === 'unsubscribe') subscribed.delete(symbol);
        else if (subscribed.size < symbolsMax) subscribed.add(symbol);
        else return this.#tooMany();
      }
    }
    const { trades, quotes, bars } = this.#subscribed;
    await this.#connection.send(subscription({ trades: [...trades], quotes: [...quotes], bars: [...bars] }));
  }

  async #tooMany(): Promise<void> {
    await this.#connection.send(marketError(405));
  }
}
