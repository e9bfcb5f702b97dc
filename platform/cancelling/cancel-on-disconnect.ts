import { type AccountState, accountStream } from '../../domain/account/state.ts';
import { Rounds } from '../clock/rounds.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { deadlineIn, longestCallMs } from '../deadline/deadline.ts';
import type { Log } from '../telemetry/port.ts';
import type { ViewReader } from '../views/port.ts';
import { cancelOpenOrders, type CancelingParts } from './cancel-open-orders.ts';

export interface DisconnectedParts extends CancelingParts {
  readonly accounts: { load(stream: string, deadline: Deadline): Promise<{ readonly state: AccountState }> };
  readonly log: Log;
}

export interface DisconnectParts extends DisconnectedParts {
  readonly views: Pick<ViewReader, 'orders' | 'openAccounts'>;
  readonly times?: Partial<DisconnectTimes>;
}

export interface DisconnectTimes {
  /** An account whose last stream ended has so long to open another. */
  readonly graceMs: number;
  /** After a start: nobody could hold on to a stream while the cell was down. */
  readonly startGraceMs: number;
  readonly everyMs: number;
}

export const disconnectTimes: DisconnectTimes = { graceMs: 5_000, startGraceMs: 30_000, everyMs: 1_000 };

/** The lists follow the log: an order accepted just before the end shows up a moment later. */
export const disconnectPasses = 3;

interface Due {
  readonly atMs: number;
  readonly cause: string;
  readonly passes: number;
}

export interface Disconnected {
  readonly accountId: string;
  /** Names the end of the connection: for one cause an order is asked once. */
  readonly cause: string;
}

/** For one end of one connection an order is asked once, by whoever deals with it. */
export function causeOfEnd(connectionId: string): string {
  return `connection ${connectionId}`;
}

/** Whether an account asked for its orders to be canceled when nobody of it is connected any more. */
export async function isCancelAsked(
  { accounts }: Pick<DisconnectedParts, 'accounts'>,
  accountId: string,
  deadline: Deadline,
): Promise<boolean> {
  const { state } = await accounts.load(accountStream(accountId), deadline);
  return state.kind === 'account' && state.configuration.cancelOnDisconnect;
}

/**
 * Asks for the open orders of an account to be canceled, if it wants that of us. `unasked`: it does not; `not-done`: not all of them could
 * be asked, call it again.
 */
export async function cancelForDisconnected(
  parts: DisconnectedParts,
  { accountId, cause }: Disconnected,
  deadline: Deadline,
): Promise<{ readonly outcome: 'unasked' | 'done' | 'not-done' }> {
  if (!(await isCancelAsked(parts, accountId, deadline))) return { outcome: 'unasked' };
  const actor = { kind: 'system', id: 'cancel-on-disconnect', proof: 'internal' } as const;
  const request = { accountId, reason: 'disconnect', cause } as const;
  const { asked, failed, isComplete } = await cancelOpenOrders(parts, request, { actor, deadline });
  if (asked > 0) parts.log.info('orders of who disconnected were canceled', { accountId, cause, asked });
  const [first] = failed;
  if (first)
    parts.log.error('an order of who disconnected could not be canceled', first.error, {
      orderId: first.orderId,
      orders: failed.length,
    });
  return { outcome: isComplete ? 'done' : 'not-done' };
}

/**
 * Cancels the open orders of an account that asked for it, once its last stream has ended and no other has begun within the grace. A
 * start counts as the end of every stream: whether the cell stopped, crashed or was cut off, whoever is not back in time has
 * nobody watching their orders. Nothing is stored for it: what is due follows from who is connected, and each order is asked once a cause.
 */
export class CancelOnDisconnect {
  readonly #parts: DisconnectParts;
  readonly #times: DisconnectTimes;
  readonly #rounds: Rounds;
  readonly #connected = new Map<string, number>();
  readonly #due = new Map<string, Due>();
  /** When to look for accounts nobody came back for, and under which name. */
  #start: Pick<Due, 'atMs' | 'cause'> | undefined;

  constructor(parts: DisconnectParts) {
    this.#parts = parts;
    this.#times = { ...disconnectTimes, ...parts.times };
    this.#rounds = new Rounds({
      clock: parts.clock,
      round: async () => {
        await this.#round();
        return this.#times.everyMs;
      },
      afterFailureMs: this.#times.everyMs,
      onFailure: (error) =>
        parts.log.error('orders of who disconnected could not be canceled; trying again', error),
    });
  }

  /** `startId` names this start. */
  begin(startId: string): void {
    const { startGraceMs, everyMs } = this.#times;
    this.#start = { atMs: this.#parts.clock.monotonicMs() + startGraceMs, cause: `start ${startId}` };
    this.#rounds.start(everyMs);
  }

  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  connected(accountId: string): void {
    this.#connected.set(accountId, (this.#connected.get(accountId) ?? 0) + 1);
    this.#due.delete(accountId);
  }

  disconnected(accountId: string, connectionId: string): void {
    const left = (this.#connected.get(accountId) ?? 1) - 1;
    if (left > 0) {
      this.#connected.set(accountId, left);
      return;
    }
    this.#connected.delete(accountId);
    const atMs = this.#parts.clock.monotonicMs() + this.#times.graceMs;
    this.#due.set(accountId, { atMs, cause: causeOfEnd(connectionId), passes: 0 });
  }

  async #round(): Promise<void> {
    const nowMs = this.#parts.clock.monotonicMs();
    const deadline = deadlineIn(longestCallMs, this.#parts.clock);
    if (this.#start && nowMs >= this.#start.atMs) await this.#countAllAsGone(this.#start, deadline);
    for (const [accountId, due] of this.#due) {
      if (nowMs >= due.atMs) await this.#pass(accountId, due, deadline);
    }
  }

  async #countAllAsGone({ atMs, cause }: Pick<Due, 'atMs' | 'cause'>, deadline: Deadline): Promise<void> {
    for (const accountId of await this.#parts.views.openAccounts(deadline)) {
      if (this.#connected.has(accountId) || this.#due.has(accountId)) continue;
      this.#due.set(accountId, { atMs, cause, passes: 0 });
    }
    this.#start = undefined;
  }

  async #pass(accountId: string, due: Due, deadline: Deadline): Promise<void> {
    const { outcome } = await cancelForDisconnected(this.#parts, { accountId, cause: due.cause }, deadline);
    if (outcome === 'unasked') this.#forget(accountId, due);
    if (outcome === 'done') this.#goOn(accountId, due);
  }

  /** Whoever is back meanwhile keeps the orders placed since. */
  #goOn(accountId: string, due: Due): void {
    const passes = due.passes + 1;
    if (passes >= disconnectPasses) this.#forget(accountId, due);
    else if (this.#due.get(accountId) === due) this.#due.set(accountId, { ...due, passes });
  }

  #forget(accountId: string, due: Due): void {
    if (this.#due.get(accountId) === due) this.#due.delete(accountId);
  }
}
