import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { FeedReader } from '../account-feed/port.ts';
import type { Clock } from '../clock/clock.ts';
import { Rounds } from '../clock/rounds.ts';
import { type Deadline, deadlineIn, longestCallMs, remainingMs } from '../deadline/deadline.ts';
import type { Deliverer, Next } from './deliverer.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface DispatcherParts {
  readonly deliverer: Pick<Deliverer, 'step'>;
  readonly subscriptions: Pick<Subscriptions, 'all' | 'onChange'>;
  readonly accountFeed: Pick<FeedReader, 'onEntries'>;
  readonly clock: Clock;
  /** Told of what failed; it is tried again. Without a webhook: none of them was looked at. Must not throw. */
  readonly onFailure: (error: unknown, webhookId?: string) => void;
  readonly limits?: Partial<DispatcherLimits>;
}

export interface DispatcherLimits {
  /** Webhooks that are delivered to at the same time. Each waits for one answer: they cost a socket, not a thread. */
  readonly atOnceMax: number;
  /** Steps of one webhook before it is another one's turn. */
  readonly stepsMax: number;
  /** Between looks at what is due, when nothing wakes. A wall clock may step. */
  readonly longestPauseMs: number;
  readonly afterFailureMs: number;
}

const standard: DispatcherLimits = {
  atOnceMax: 64,
  stepsMax: 32,
  longestPauseMs: 1_000,
  afterFailureMs: 5_000,
};

/** Who is delivered to, and when: a webhook has one message under way, all of them together a bounded number. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #limits: DispatcherLimits;
  readonly #rounds: Rounds;
  /** The webhooks of each account that has any. */
  #ofAccounts = new Map<string, Set<string>>();
  readonly #ready = new Set<string>();
  readonly #due = new Map<string, Timestamp>();
  readonly #working = new Map<string, Promise<void>>();
  readonly #listening: (() => void)[] = [];
  #whenIdle = Promise.withResolvers<void>();
  #isStopped = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#limits = { ...standard, ...parts.limits };
    const { longestPauseMs, afterFailureMs } = this.#limits;
    this.#rounds = new Rounds({
      clock: parts.clock,
      round: async () => {
        this.#wakeDue();
        return longestPauseMs;
      },
      afterFailureMs,
      onFailure: (error) => parts.onFailure(error),
    });
  }

  /** Begins with all webhooks there are, where each of them stopped. */
  async start(): Promise<void> {
    const { subscriptions, accountFeed, clock } = this.#parts;
    this.#listening.push(
      subscriptions.onChange((webhookId, accountId) => {
        if (accountId !== undefined) this.#know(webhookId, accountId);
        this.wake(webhookId);
      }),
      accountFeed.onEntries((accountIds) => this.#wakeAccounts(accountIds)),
    );
    await this.#wakeAll(deadlineIn(longestCallMs, clock));
    this.#rounds.start(this.#limits.longestPauseMs);
  }

  /** Finishes the tries that are under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const stopListening of this.#listening.splice(0)) stopListening();
    await this.#rounds.stop();
    await Promise.all(this.#working.values());
  }

  wake(webhookId: string): void {
    this.#due.delete(webhookId);
    this.#ready.add(webhookId);
    this.#pump();
  }

  /** Looks at every webhook, and waits until nothing more is to be done now, or the time is up. */
  async pass(deadline: Deadline): Promise<void> {
    await this.#wakeAll(deadline);
    await this.idle(deadline);
  }

  /** Until nothing is being delivered and nothing is ready to be; what waits for its time waits on. */
  async idle(deadline: Deadline): Promise<void> {
    const { clock } = this.#parts;
    if (this.#working.size === 0) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.min(remainingMs(deadline, clock), longestCallMs));
    await Promise.race([this.#whenIdle.promise, late]);
    clearTimeout(timer);
  }

  async #wakeAll(deadline: Deadline): Promise<void> {
    const all = await this.#parts.subscriptions.all(deadline);
    // Deleted ones go with it: until then they are woken for nothing.
    this.#ofAccounts = new Map();
    for (const { webhookId, accountId } of all) {
      this.#know(webhookId, accountId);
      this.wake(webhookId);
    }
  }

  #know(webhookId: string, accountId: string): void {
    const known = this.#ofAccounts.get(accountId) ?? new Set();
    this.#ofAccounts.set(accountId, known.add(webhookId));
  }

  #wakeAccounts(accountIds: readonly string[]): void {
    // What waits for its next try gets nothing new before.
    for (const accountId of accountIds)
      for (const webhookId of this.#ofAccounts.get(accountId) ?? [])
        if (!this.#due.has(webhookId)) this.wake(webhookId);
  }

  #wakeDue(): void {
    const now = this.#parts.clock.now();
    for (const [webhookId, at] of this.#due) if (at <= now) this.wake(webhookId);
  }

  #pump(): void {
    if (this.#isStopped) return;
    for (const webhookId of this.#ready) {
      if (this.#working.size >= this.#limits.atOnceMax) return;
      if (this.#working.has(webhookId)) continue;
      this.#ready.delete(webhookId);
      this.#working.set(webhookId, this.#work(webhookId));
    }
  }

  /** Never throws. */
  async #work(webhookId: string): Promise<void> {
    const next = await this.#steps(webhookId);
    this.#working.delete(webhookId);
    if (next === 'now') this.#ready.add(webhookId);
    // Woken meanwhile, it is looked at again anyway.
    else if (next !== 'with-news' && !this.#ready.has(webhookId)) this.#due.set(webhookId, next.at);
    this.#pump();
    if (this.#working.size > 0) return;
    this.#whenIdle.resolve();
    this.#whenIdle = Promise.withResolvers<void>();
  }

  async #steps(webhookId: string): Promise<Next> {
    const { deliverer, clock, onFailure } = this.#parts;
    const { stepsMax, afterFailureMs } = this.#limits;
    try {
      for (let step = 1; step <= stepsMax && !this.#isStopped; step += 1) {
        const next = await deliverer.step(webhookId, deadlineIn(longestCallMs, clock));
        if (next !== 'now') return next;
      }
      return 'now';
    } catch (error) {
      onFailure(error, webhookId);
      return { at: later(clock.now(), afterFailureMs) };
    }
  }
}

function later(now: Timestamp, milliseconds: number): Timestamp {
  return timestamp(now + milliseconds * 1_000);
}
