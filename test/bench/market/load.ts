import { randomUUID } from 'node:crypto';
import type { DemoKey } from '../../../local/demo.ts';
import { Connection } from '../orders/connection.ts';
import type { Trader } from '../orders/load.ts';

const symbols = [
  ['BRVO', '25.40'],
  ['CHRL', '48'],
  ['ECHO', '12.30'],
  ['HOTL', '9.80'],
] as const;
const connectionCount = 64;
const restMs = 3_000;
const sharesEach = 10_000;

export interface MarketRun {
  /** Milliseconds from when an order was due to its execution report, of those that took; sorted. */
  readonly latencies: readonly number[];
  readonly sentMs: ReadonlyMap<string, number>;
  readonly reportedMs: ReadonlyMap<string, number>;
  readonly sent: number;
  readonly refused: number;
}

const nowMs = (): number => performance.timeOrigin + performance.now();

/** Pairs of orders that trade: every second one takes the one before. Reports come by each account's stream. */
export class MarketLoad {
  readonly #address: string;
  readonly #traders: readonly Trader[];
  readonly #stop = new AbortController();
  readonly #reported = new Map<string, number>();
  readonly #connections: Connection[] = [];

  constructor(address: string, traders: readonly Trader[]) {
    this.#address = address;
    this.#traders = traders;
  }

  async open(keys: readonly DemoKey[]): Promise<void> {
    const administrator = keys.find(({ role }) => role === 'administrator');
    for (const trader of this.#traders) {
      const account = await this.#json(trader, '/v2/account');
      for (const [symbol] of symbols) {
        const body = { direction: 'INCOMING', symbol, qty: String(sharesEach) };
        await this.#json(administrator ?? trader, `/v1/accounts/${String(account['id'])}/transfers`, body);
      }
      const opened = Promise.withResolvers<void>();
      this.#follow(trader, opened.resolve).catch(opened.reject);
      await opened.promise;
    }
    for (let number = 0; number < connectionCount; number += 1)
      this.#connections.push(await Connection.to(Number(new URL(this.#address).port)));
  }

  close(): void {
    this.#stop.abort();
    for (const connection of this.#connections) connection.close();
  }

  /** So many orders a second at fixed times, answered or not. */
  async run(rate: number, seconds: number): Promise<MarketRun> {
    const [sentMs, dueMs, takers] = [new Map<string, number>(), new Map<string, number>(), new Set<string>()];
    const free = [...this.#connections];
    const waiting: number[] = [];
    const count = rate * seconds;
    const start = nowMs();
    let [due, refused, sent] = [0, 0, 0];
    const dispatch = (): void => {
      while (free.length > 0 && waiting.length > 0) {
        const [connection, at] = [free.pop(), waiting.shift()];
        if (!connection || at === undefined) return;
        const name = randomUUID();
        sentMs.set(name, nowMs());
        dueMs.set(name, at);
        if (sent % 2 === 1) takers.add(name);
        connection.send(this.#order(sent, name), ({ status }) => {
          if (status !== 200) refused += 1;
          free.push(connection);
          dispatch();
        });
        sent += 1;
      }
    };
    while (due < count) {
      for (; due < count && start + (due * 1_000) / rate <= nowMs(); due += 1)
        waiting.push(start + (due * 1_000) / rate);
      dispatch();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const latencies = [...takers].flatMap((name) => {
      const reported = this.#reported.get(name);
      return reported === undefined ? [] : [reported - (dueMs.get(name) ?? 0)];
    });
    return {
      latencies: latencies.toSorted((a, b) => a - b),
      sentMs,
      reportedMs: this.#reported,
      sent,
      refused,
    };
  }

  /** The even ones sell, the odd ones buy what the one before sells. */
  #order(number: number, name: string): string {
    const pair = Math.floor(number / 2);
    const [symbol, price] = symbols[pair % symbols.length] ?? symbols[0];
    const isBuy = number % 2 === 1;
    const { keyId, secret } = this.#traders[(pair + (isBuy ? 1 : 0)) % this.#traders.length] ?? {
      keyId: '',
      secret: '',
    };
    const body = `{"symbol":"${symbol}","qty":"1","side":"${isBuy ? 'buy' : 'sell'}","type":"limit","limit_price":"${price}","time_in_force":"gtc","client_order_id":"${name}"}`;
    return `POST /v2/orders HTTP/1.1\r\nhost: 127.0.0.1\r\napca-api-key-id: ${keyId}\r\napca-api-secret-key: ${secret}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  }

  async #follow(trader: Trader, opened: () => void): Promise<void> {
    const headers = { 'apca-api-key-id': trader.keyId, 'apca-api-secret-key': trader.secret };
    const { signal } = this.#stop;
    try {
      const response = await fetch(`${this.#address}/v2/events/trades`, { headers, signal });
      if (response.status !== 200) throw new Error(`a stream was answered ${response.status}`);
      opened();
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        const frames = text.split('\n\n');
        text = frames.pop() ?? '';
        for (const frame of frames) this.#take(frame);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #take(frame: string): void {
    if (!frame.includes('"event":"fill"')) return;
    const name = /"client_order_id":"([^"]+)"/.exec(frame)?.[1];
    if (name !== undefined && !this.#reported.has(name)) this.#reported.set(name, nowMs());
  }

  async #json(
    { keyId, secret }: Trader,
    path: string,
    body?: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(this.#address + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        'apca-api-key-id': keyId,
        'apca-api-secret-key': secret,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return Object(await response.json());
  }
}
