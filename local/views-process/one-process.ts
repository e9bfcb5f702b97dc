import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Clock } from '../../platform/clock/clock.ts';
import { within } from '../../platform/clock/within.ts';
import { longestCallMs } from '../../platform/deadline/deadline.ts';
import { StoreUnavailable } from '../../platform/event-store/errors.ts';
import { forkOptions } from './fork-options.ts';
import {
  aliveEveryMs,
  type Asked,
  type Begin,
  type CallName,
  type Calls,
  errorOf,
  type Note,
  type Reply,
  type Said,
  type Told,
} from './messages.ts';

/** What is bounded by the process itself is given a little longer; what goes through the whole log, as long as the process lives. */
const beyondMs = 5_000;
const wholeLogMs = 24 * 3_600_000;
const answerMaxMs: Readonly<Record<CallName, number>> = {
  start: longestCallMs + beyondMs,
  stop: 10_000,
  drained: wholeLogMs,
  rebuild: wholeLogMs,
  sweep: wholeLogMs,
  parked: longestCallMs,
  redrive: longestCallMs + beyondMs,
  conclude: longestCallMs,
  sweepHeads: 2 * longestCallMs + beyondMs,
};

/** In ticks of `aliveEveryMs`, so that a parent that stood still itself hears what has come meanwhile first. */
const silentTicksMax = 12;
const goneMaxMs = 5_000;
/** To a process that takes nothing. Each of them is answered with a position, after which one is asked for again. */
const unsentMax = 1_000;

export interface OneProcessOptions {
  readonly script: URL;
  readonly begin: Begin;
  readonly clock: Clock;
  readonly onTold: (told: Told) => void;
  /** It is gone, and nothing it was asked is answered any more. Told once; must not throw. */
  readonly onEnd: (cause: unknown) => void;
}

/** A process from its beginning to its end, however that comes: what it is asked, and what it answers. */
export class OneProcess {
  readonly #options: OneProcessOptions;
  readonly #child: ChildProcess | undefined;
  readonly #waiting = new Map<number, PromiseWithResolvers<Reply>>();
  readonly #gone = new AbortController();
  #cause: unknown;
  #lastId = 0;
  #silentTicks = 0;
  #unsent = 0;

  /** Never throws: what cannot be begun has ended, and says so soon after. */
  constructor(options: OneProcessOptions) {
    this.#options = options;
    const silence = setInterval(() => this.#listen(), aliveEveryMs);
    silence.unref();
    this.#gone.signal.addEventListener('abort', () => clearInterval(silence));
    try {
      this.#child = this.#forked();
    } catch (error) {
      queueMicrotask(() => this.#ended(error));
    }
    this.#send(options.begin);
  }

  get isGone(): boolean {
    return this.#gone.signal.aborted;
  }

  /** Lost when the process is gone: whoever needs to know asks again after a restart. */
  post(note: Note): void {
    this.#send(note);
  }

  /** Throws `StoreUnavailable` when the process ends meanwhile, does not answer, or says that another try may help. */
  async call<Name extends CallName>(call: Name, given: Calls[Name]['given']): Promise<Calls[Name]['answer']> {
    if (this.isGone) throw new StoreUnavailable('the views’ process is not running');
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<Reply>();
    this.#waiting.set(id, answer);
    try {
      // The compiler does not see that a call and what is given with it belong together.
      this.#send({ ask: 'call', id, call, given } as Asked);
      const { clock } = this.#options;
      const reply = await within<Reply | undefined>(answer.promise, answerMaxMs[call], {
        clock,
        otherwise: undefined,
      });
      if (!reply) throw new StoreUnavailable(`the views’ process did not answer ${call} in time`);
      return answerIn(reply) as Calls[Name]['answer'];
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** Ends it for a reason that it does not know of itself. */
  fail(cause: unknown): void {
    this.#cause ??= cause;
    this.#child?.kill('SIGKILL');
  }

  /** Ends it, whatever it is at, and waits until it is gone. */
  async end(): Promise<void> {
    if (this.isGone) return;
    const gone = once(this.#gone.signal, 'abort', { signal: AbortSignal.timeout(goneMaxMs) });
    this.#child?.kill('SIGKILL');
    await gone;
  }

  #forked(): ChildProcess {
    const { script } = this.#options;
    const child = fork(script, [], {
      ...forkOptions(process),
      serialization: 'advanced',
      // What the runtime says of its own end is for whoever looks at ours.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (said: Said) => this.#hear(said));
    child.on('error', (error) => {
      this.#cause ??= error;
      // One that never began does not exit.
      if (child.pid === undefined) this.#ended(error);
    });
    child.once('exit', (code, signal) => {
      const how = signal === null ? `with code ${code}` : `by ${signal}`;
      this.#ended(this.#cause ?? new Error(`the views’ process ended ${how}`));
    });
    return child;
  }

  #hear(said: Said): void {
    this.#silentTicks = 0;
    if (said.tell === 'alive') return;
    if (said.tell === 'reply') this.#waiting.get(said.id)?.resolve(said.reply);
    else if (said.tell === 'dying') this.#cause ??= errorOf(said.error);
    else this.#options.onTold(said);
  }

  /** What it does in one go is never this long. */
  #listen(): void {
    this.#silentTicks += 1;
    if (this.#silentTicks < silentTicksMax) return;
    const seconds = (silentTicksMax * aliveEveryMs) / 1_000;
    this.fail(new Error(`the views’ process said nothing for ${seconds} seconds and was ended`));
  }

  #send(asked: Asked): void {
    if (this.#child?.connected !== true) return;
    if (asked.ask === 'reach' && this.#unsent >= unsentMax) return;
    this.#unsent += 1;
    this.#child.send(asked, (error) => {
      this.#unsent -= 1;
      if (error && asked.ask === 'call') this.#waiting.get(asked.id)?.reject(unreachable(error));
    });
  }

  #ended(cause: unknown): void {
    if (this.isGone) return;
    this.#gone.abort();
    for (const { reject } of this.#waiting.values()) reject(unreachable(cause));
    this.#waiting.clear();
    this.#options.onEnd(cause);
  }
}

function unreachable(cause: unknown): StoreUnavailable {
  return new StoreUnavailable('the views’ process died', { cause });
}

function answerIn(reply: Reply): unknown {
  if ('answer' in reply) return reply.answer;
  const error = errorOf(reply.error);
  throw reply.isRetryable ? new StoreUnavailable(`${error.name}: ${error.message}`, { cause: error }) : error;
}
