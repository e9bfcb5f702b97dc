import type { RawData, WebSocket } from 'ws';
import type { Timestamp } from '../../domain/values/time.ts';
import type { DropReason } from '../../functions/streams/farewells.ts';
import { decoded, type Encoding, encoded, timeIn } from './codec.ts';
import type { StreamLimits } from './stream-limits.ts';

/** Codes of RFC 6455: going away, against our rules, unexpected, try again later. */
const codes: Readonly<Record<DropReason, number>> = {
  slow: 1013,
  silent: 1013,
  'too-many-messages': 1008,
  'not-authenticated': 1008,
  'key-revoked': 1008,
  'too-many-streams': 1013,
  failed: 1011,
  stopping: 1001,
};

const normalClosure = 1000;

export interface ConnectionOptions {
  readonly id: string;
  readonly address: string;
  readonly socket: WebSocket;
  readonly limits: StreamLimits;
  /** Until the client's own first message shows what it speaks. */
  readonly encoding: Encoding;
  readonly nowMs: () => number;
  readonly onDropped: (reason: DropReason) => void;
}

/** One WebSocket: what goes out waits until it was taken, and whoever does not keep to the limits is told and let go. */
export class Connection {
  readonly id: string;
  readonly address: string;
  readonly #options: ConnectionOptions;
  readonly #ending = new AbortController();
  #encoding: Encoding;
  #farewell: (reason: DropReason) => unknown = () => undefined;
  #isAlive = true;
  #second = 0;
  #messagesInSecond = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.id = options.id;
    this.address = options.address;
    this.#encoding = options.encoding;
    const { socket } = options;
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    socket.on('close', () => this.#ending.abort());
    // An error is followed by a close: there is nothing else to do about it.
    socket.on('error', () => this.#ending.abort());
  }

  /** How the client's protocol says why it is dropped; `undefined`: not at all. */
  saying(farewell: (reason: DropReason) => unknown): void {
    this.#farewell = farewell;
  }

  /** Aborted once it is over, from whichever side. */
  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  /** Undefined: it makes no sense, or is one too many. */
  read(data: RawData, isBinary: boolean): { readonly value: unknown } | undefined {
    if (this.ended.aborted) return undefined;
    if (this.#isOneTooMany()) {
      this.drop('too-many-messages');
      return undefined;
    }
    const message = decoded(data, isBinary);
    if (message) this.#encoding = message.encoding;
    return { value: message?.value };
  }

  #isOneTooMany(): boolean {
    const { nowMs, limits } = this.#options;
    const second = Math.floor(nowMs() / 1000);
    if (second !== this.#second) this.#messagesInSecond = 0;
    this.#second = second;
    this.#messagesInSecond += 1;
    return this.#messagesInSecond > limits.messagesPerSecond;
  }

  readonly writeTime = (at: Timestamp): unknown => timeIn(this.#encoding, at);

  /** True once the client has taken all of it; false when it is over instead, as it is for who takes too long. */
  async send(...messages: readonly unknown[]): Promise<boolean> {
    const { socket, limits } = this.#options;
    const last = messages.length - 1;
    if (this.ended.aborted || last < 0) return !this.ended.aborted;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const over = () => resolve(false);
    const timer = setTimeout(() => this.drop('slow'), limits.writeMs);
    this.ended.addEventListener('abort', over, { once: true });
    for (const [index, message] of messages.entries()) {
      const bytes = encoded(message, this.#encoding);
      socket.send(bytes, index < last ? undefined : (error) => resolve(!error));
    }
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.ended.removeEventListener('abort', over);
    }
  }

  /** Whatever waits to be sent is not counted on any more; a client that still listens hears why. */
  drop(reason: DropReason, farewell: unknown = this.#farewell(reason)): void {
    const { socket, limits, onDropped } = this.#options;
    if (this.ended.aborted) return;
    onDropped(reason);
    if (farewell !== undefined) socket.send(encoded(farewell, this.#encoding), () => undefined);
    socket.close(codes[reason], reason);
    const timer = setTimeout(() => socket.terminate(), limits.closeMs);
    socket.once('close', () => clearTimeout(timer));
    this.#ending.abort();
  }

  close(): void {
    this.#options.socket.close(normalClosure);
  }

  /** A connection whose other end has vanished shows nothing else. */
  ping(): void {
    if (this.ended.aborted) return;
    if (!this.#isAlive) {
      this.drop('silent');
      return;
    }
    this.#isAlive = false;
    this.#options.socket.ping();
  }
}
