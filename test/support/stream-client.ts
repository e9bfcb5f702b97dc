import { decode, encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import type { DemoKey } from '../../local/demo.ts';
import { eventually } from './eventually.ts';

export type Frame = Record<string, unknown>;
type Encoding = 'json' | 'msgpack';

/** A client of our WebSockets that keeps everything it was sent. */
export class StreamClient {
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #encoding: Encoding;

  constructor(address: string, path = '/stream', encoding: Encoding = 'json') {
    this.#encoding = encoding;
    const headers = encoding === 'msgpack' ? { 'content-type': 'application/msgpack' } : {};
    this.socket = new WebSocket(address.replace('http', 'ws') + path, { headers, perMessageDeflate: false });
    this.socket.on('message', (data: Buffer, isBinary) => {
      const frame: unknown = isBinary ? decode(data) : JSON.parse(data.toString('utf8'));
      this.frames.push(...(Array.isArray(frame) ? frame : [frame]));
    });
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString('utf8') };
    });
    this.socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
      this.closed = { code: statusCode, reason: 'refused' };
    });
    // What went wrong shows in the closing.
    this.socket.on('error', () => undefined);
  }

  async opened(patienceMs?: number): Promise<this> {
    await eventually(
      () => {
        if (this.socket.readyState !== WebSocket.OPEN) throw new Error(`not open: ${this.closed?.code}`);
      },
      { patienceMs },
    );
    return this;
  }

  send(message: unknown): void {
    this.socket.send(this.#encoding === 'json' ? JSON.stringify(message) : encode(message));
  }

  /** The first frame that is so, once there is one. */
  async frame(isIt: (frame: Frame) => boolean, patienceMs?: number): Promise<Frame> {
    return eventually(
      () => {
        const found = this.frames.find(isIt);
        if (!found) throw new Error(`not among ${JSON.stringify(this.frames).slice(0, 1_000)}`);
        return found;
      },
      { patienceMs },
    );
  }

  /** Authenticated, and listening; `data` goes with what it listens to. */
  async listening(
    { keyId, secret }: Pick<DemoKey, 'keyId' | 'secret'>,
    data: Frame = {},
    patienceMs?: number,
  ): Promise<this> {
    await this.opened(patienceMs);
    this.send({ action: 'authenticate', data: { key_id: keyId, secret_key: secret } });
    await this.frame(({ stream }) => stream === 'authorization', patienceMs);
    this.send({ action: 'listen', data: { streams: ['trade_updates'], ...data } });
    await this.frame(({ stream }) => stream === 'listening', patienceMs);
    return this;
  }

  /** What it was told of orders. */
  get updates(): readonly Frame[] {
    return this.frames.flatMap(({ stream, data }) =>
      stream === 'trade_updates' && isFrame(data) ? [data] : [],
    );
  }

  get numbers(): readonly number[] {
    return this.updates.map((update) => Number(update['event_id']));
  }

  async hasUpTo(number: number): Promise<void> {
    await eventually(() => {
      if (this.numbers.at(-1) !== number) throw new Error(`has ${this.numbers.join(' ')}, not ${number}`);
    });
  }

  async isClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    return eventually(() => {
      if (!this.closed) throw new Error('still open');
      return this.closed;
    });
  }

  close(): void {
    this.socket.terminate();
  }
}

function isFrame(value: unknown): value is Frame {
  return typeof value === 'object' && value !== null;
}

/** 1, 2, 3 ... up to `last`. */
export function upTo(last: number, first = 1): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
