import { randomUUID } from 'node:crypto';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { Connection } from './connection.ts';

/** A trading key; the bare server ignores it. */
export interface Trader {
  readonly keyId: string;
  readonly secret: string;
}

export interface Job {
  readonly port: number;
  readonly traders: readonly Trader[];
  readonly connections: number;
  readonly seconds: number;
  /** Orders a second at fixed times; undefined: each connection sends its next order when the last is answered. */
  readonly rate?: number;
}

/** Milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface Result {
  readonly accepted: number;
  readonly refused: number;
  /** Also those that do not count because they were due before everything had warmed up. */
  readonly sent: number;
  /** The first few answers that were no acceptance. */
  readonly refusals: readonly string[];
  readonly perSecond: number;
  /** From the moment an order was due to its answer, so that a stalled server is not spared the orders it kept waiting. */
  readonly latency: Latencies;
  /** From the moment an order was due to its being sent: this process's own part of the latency. */
  readonly lag: Latencies;
}

const symbols = [
  ['BRVO', '25.40'],
  ['CHRL', '48.00'],
  ['ECHO', '12.30'],
  ['HOTL', '9.80'],
] as const;
/** Before anything counts: connections are open and the code has been seen. */
const warmMs = 500;
const answerMaxMs = 5_000;

let made = 0;

function orderRequest({ keyId, secret }: Trader): string {
  made += 1;
  const [symbol, price] = symbols[made % symbols.length] ?? symbols[0];
  const body = `{"symbol":"${symbol}","qty":"${1 + (made % 3)}","side":"buy","type":"limit","limit_price":"${price}","time_in_force":"gtc","client_order_id":"${randomUUID()}"}`;
  return [
    'POST /v2/orders HTTP/1.1',
    'host: 127.0.0.1',
    `apca-api-key-id: ${keyId}`,
    `apca-api-secret-key: ${secret}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

export async function run(job: Job): Promise<Result> {
  const connections = await Promise.all(
    Array.from({ length: job.connections }, async () => Connection.to(job.port)),
  );
  try {
    const load = new Load(job, connections);
    return job.rate === undefined ? await load.closedLoop() : await load.openLoop(job.rate);
  } finally {
    for (const connection of connections) connection.close();
  }
}

class Load {
  readonly #job: Job;
  readonly #connections: Connection[];
  readonly #latency = createHistogram();
  readonly #lag = createHistogram();
  readonly #refusals: string[] = [];
  #accepted = 0;
  #refused = 0;
  #sent = 0;
  /** Orders due before this do not count. */
  #countFrom = 0;

  constructor(job: Job, connections: Connection[]) {
    this.#job = job;
    this.#connections = connections;
  }

  async closedLoop(): Promise<Result> {
    const { seconds } = this.#job;
    this.#countFrom = performance.now() + warmMs;
    const until = this.#countFrom + seconds * 1_000;
    const work = (connection: Connection): Promise<void> =>
      new Promise((resolve) => {
        const next = (): void => {
          const now = performance.now();
          if (now >= until) resolve();
          else this.#send(connection, now, (status) => (status === 0 ? resolve() : next()));
        };
        next();
      });
    await Promise.all(this.#connections.map(work));
    return this.#result(seconds);
  }

  /** One order every 1/rate seconds whatever the server does; an order that finds no free connection waits, and its time runs. */
  async openLoop(rate: number): Promise<Result> {
    const start = performance.now() + 50;
    this.#countFrom = start + warmMs;
    const { seconds } = this.#job;
    const count = Math.floor(rate * (seconds + warmMs / 1_000));
    const free = [...this.#connections];
    const waiting: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    let due = 0;
    let answered = 0;
    const dispatch = (): void => {
      while (free.length > 0 && waiting.length > 0) {
        const connection = free.pop();
        const at = waiting.shift();
        if (!connection || at === undefined) return;
        this.#send(connection, at, () => {
          answered += 1;
          free.push(connection);
          dispatch();
          if (answered === count) resolve();
        });
      }
    };
    const tick = (): void => {
      const now = performance.now();
      while (due < count && start + (due * 1_000) / rate <= now) {
        waiting.push(start + (due * 1_000) / rate);
        due += 1;
      }
      dispatch();
      if (due < count) setTimeout(tick, 1);
      else setTimeout(resolve, answerMaxMs);
    };
    tick();
    await promise;
    this.#refused += count - answered;
    return this.#result(seconds);
  }

  #send(connection: Connection, due: number, answered: (status: number) => void): void {
    const { traders } = this.#job;
    this.#sent += 1;
    const trader = traders[this.#sent % traders.length] ?? { keyId: '', secret: '' };
    const counts = due >= this.#countFrom;
    if (counts) record(this.#lag, performance.now() - due);
    connection.send(orderRequest(trader), ({ status, body }) => {
      if (status !== 200) this.#refuse(status, body);
      else if (counts) {
        this.#accepted += 1;
        record(this.#latency, performance.now() - due);
      }
      answered(status);
    });
  }

  #refuse(status: number, body: string): void {
    this.#refused += 1;
    if (this.#refusals.length < 5) this.#refusals.push(`${status} ${body.slice(0, 300)}`);
  }

  #result(seconds: number): Result {
    return {
      accepted: this.#accepted,
      refused: this.#refused,
      sent: this.#sent,
      refusals: this.#refusals,
      perSecond: this.#accepted / seconds,
      latency: latencies(this.#latency),
      lag: latencies(this.#lag),
    };
  }
}

function record(histogram: RecordableHistogram, milliseconds: number): void {
  histogram.record(Math.max(1, Math.round(milliseconds * 1_000)));
}

function latencies(histogram: RecordableHistogram): Latencies {
  const at = (percentile: number): number => histogram.percentile(percentile) / 1_000;
  return { p50: at(50), p99: at(99), p999: at(99.9), max: histogram.max / 1_000 };
}
