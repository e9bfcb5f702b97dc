import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Clock } from '../../platform/clock/clock.ts';
import { StoreUnavailable } from '../../platform/event-store/errors.ts';
import type { Asked, CallName, Calls, Reply, Told } from './messages.ts';

export interface RestartLimits {
  /** Deaths in a row, each within `calmMs` of the one before, after which nobody tries any more. */
  readonly deathsMax: number;
  readonly calmMs: number;
  /** The first pause before another start; they double. */
  readonly pauseMs: number;
}

export const restartLimits: RestartLimits = { deathsMax: 6, calmMs: 600_000, pauseMs: 250 };

export interface RestartingWorkerOptions {
  readonly script: URL;
  readonly workerData: unknown;
  readonly clock: Clock;
  readonly onTold: (told: Told) => void;
  /** A new thread has begun after one died. */
  readonly onRestarted: () => void;
  /** Told of each death, and when it was the last try. Must not throw. */
  readonly onFailure: (error: unknown) => void;
  readonly limits?: Partial<RestartLimits>;
}

/** A thread that is started again when it dies, within bounds: what it does follows from what is on the disk. */
export class RestartingWorker {
  readonly #options: RestartingWorkerOptions;
  readonly #limits: RestartLimits;
  #worker: Worker;
  #death = new AbortController();
  #deaths = 0;
  #lastDeathMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  constructor(options: RestartingWorkerOptions) {
    this.#options = options;
    this.#limits = { ...restartLimits, ...options.limits };
    this.#worker = this.#begin();
  }

  /** Lost when the thread is dead or dies: whoever needs to know asks again after a restart. */
  post(asked: Exclude<Asked, { ask: 'call' }>): void {
    this.#worker.postMessage(asked);
  }

  /** Throws `StoreUnavailable` when the thread dies meanwhile, or says that another try may help. */
  async call<Name extends CallName>(call: Name, given: Calls[Name]['given']): Promise<Calls[Name]['answer']> {
    const { signal } = this.#death;
    if (signal.aborted) throw new StoreUnavailable('the views’ thread is not running');
    const { port1, port2 } = new MessageChannel();
    try {
      this.#worker.postMessage({ ask: 'call', call, given, reply: port2 }, [port2]);
      const [reply] = await once(port1, 'message', { signal });
      return answerIn<Calls[Name]['answer']>(reply);
    } catch (error) {
      if (signal.aborted) throw new StoreUnavailable('the views’ thread died', { cause: error });
      throw error;
    } finally {
      port1.close();
    }
  }

  /** Ends the thread, whatever it is at. */
  async end(): Promise<void> {
    this.#isStopped = true;
    await this.#worker.terminate();
  }

  #begin(): Worker {
    const { script, workerData, onTold } = this.#options;
    const worker = new Worker(script, { workerData });
    const death = new AbortController();
    let cause: unknown;
    worker.on('message', onTold);
    worker.on('error', (error) => {
      cause = error;
    });
    worker.once('exit', (code) => {
      death.abort();
      if (!this.#isStopped) this.#again(cause ?? new Error(`the views’ thread ended with code ${code}`));
    });
    this.#death = death;
    return worker;
  }

  #again(cause: unknown): void {
    const { clock, onFailure } = this.#options;
    const { deathsMax, calmMs, pauseMs } = this.#limits;
    onFailure(cause);
    const now = clock.monotonicMs();
    this.#deaths = now - this.#lastDeathMs > calmMs ? 1 : this.#deaths + 1;
    this.#lastDeathMs = now;
    if (this.#deaths >= deathsMax) {
      const why = `the views’ thread died ${this.#deaths} times: they stand still until the cell is started again`;
      return onFailure(new Error(why, { cause }));
    }
    setTimeout(() => this.#restart(), pauseMs * 2 ** (this.#deaths - 1)).unref();
  }

  #restart(): void {
    if (this.#isStopped) return;
    this.#worker = this.#begin();
    this.#options.onRestarted();
  }
}

function answerIn<Answer>(reply: Reply<Answer>): Answer {
  if ('answer' in reply) return reply.answer;
  throw reply.isRetryable ? new StoreUnavailable(reply.error) : new Error(reply.error);
}
