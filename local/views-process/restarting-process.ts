import type { Clock } from '../../platform/clock/clock.ts';
import type { Begin, CallName, Calls, Note, Told } from './messages.ts';
import { OneProcess } from './one-process.ts';

export interface RestartLimits {
  /** Deaths in a row, each within `calmMs` of the one before, after which only one more is begun in every `stillMs`. */
  readonly deathsMax: number;
  readonly calmMs: number;
  /** The first pause before another start; they double. */
  readonly pauseMs: number;
  readonly stillMs: number;
}

export const restartLimits: RestartLimits = {
  deathsMax: 6,
  calmMs: 600_000,
  pauseMs: 250,
  stillMs: 60_000,
};

export interface RestartingProcessOptions {
  readonly script: URL;
  /** Asked for each process. */
  readonly begin: () => Begin;
  readonly clock: Clock;
  readonly onTold: (told: Told) => void;
  /** A new process has begun after one died: makes it of use. Where that fails, it has died as well. */
  readonly onRestarted: () => Promise<void>;
  /** Told of each death, and that it was one too many. Must not throw. */
  readonly onFailure: (error: unknown) => void;
  readonly limits?: Partial<RestartLimits>;
}

/** A process that is started again when it dies, within bounds: what it does follows from what is on the disk. */
export class RestartingProcess {
  readonly #options: RestartingProcessOptions;
  readonly #limits: RestartLimits;
  #process: OneProcess;
  #deaths = 0;
  #lastDeathMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;
  #isWorking = true;

  constructor(options: RestartingProcessOptions) {
    this.#options = options;
    this.#limits = { ...restartLimits, ...options.limits };
    this.#process = this.#begin();
  }

  /** False from a death until another process is of use. */
  get isWorking(): boolean {
    return this.#isWorking;
  }

  /** Lost when the process is dead or dies: whoever needs to know asks again after a restart. */
  post(note: Note): void {
    this.#process.post(note);
  }

  /** Throws `StoreUnavailable` when the process is dead, dies meanwhile, or says that another try may help. */
  async call<Name extends CallName>(call: Name, given: Calls[Name]['given']): Promise<Calls[Name]['answer']> {
    return this.#process.call(call, given);
  }

  /** Ends the process, whatever it is at. */
  async end(): Promise<void> {
    this.#isStopped = true;
    await this.#process.end();
  }

  #begin(): OneProcess {
    const { script, begin, clock, onTold } = this.#options;
    return new OneProcess({ script, begin: begin(), clock, onTold, onEnd: (cause) => this.#died(cause) });
  }

  #died(cause: unknown): void {
    this.#isWorking = false;
    if (this.#isStopped) return;
    this.#options.onFailure(cause);
    setTimeout(() => this.#restart(), this.#pauseAfter(cause)).unref();
  }

  #pauseAfter(cause: unknown): number {
    const { clock, onFailure } = this.#options;
    const { deathsMax, calmMs, pauseMs, stillMs } = this.#limits;
    const now = clock.monotonicMs();
    this.#deaths = now - this.#lastDeathMs > calmMs ? 1 : this.#deaths + 1;
    this.#lastDeathMs = now;
    if (this.#deaths < deathsMax) return pauseMs * 2 ** (this.#deaths - 1);
    const why = `the views’ process died ${this.#deaths} times: the views stand still, and it is tried again every ${stillMs / 1_000} seconds`;
    onFailure(new Error(why, { cause }));
    return stillMs;
  }

  #restart(): void {
    if (this.#isStopped) return;
    const begun = this.#begin();
    this.#process = begun;
    this.#use(begun).catch((error: unknown) => begun.fail(error));
  }

  async #use(begun: OneProcess): Promise<void> {
    await this.#options.onRestarted();
    if (this.#process === begun && !begun.isGone) this.#isWorking = true;
  }
}
