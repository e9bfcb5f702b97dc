import type { AccountCommand } from '../../domain/account/commands.ts';
import type { AccountEvent } from '../../domain/account/events.ts';
import { accountStream, type AccountState } from '../../domain/account/state.ts';
import { cancelOpenOrders, type CancelingParts } from '../cancelling/cancel-open-orders.ts';
import type { CommandHandler } from '../command-handler/command-handler.ts';
import type { CommandContext } from '../command-handler/context.ts';
import { ownKey } from '../command-handler/own-key.ts';
import { type Deadline, remainingMs } from '../deadline/deadline.ts';
import { decidedUnderText } from '../hot-config/decided-under.ts';
import type { StoredKillSwitch } from '../kill-switch/stored-kill-switch.ts';
import type { BreachBook, BreachOutcome, BreachRecord } from './port.ts';
import { watchedText } from './watch.ts';

export interface BreachResponseParts extends CancelingParts {
  readonly surveillance: BreachBook;
  readonly accounts: Pick<CommandHandler<AccountCommand, AccountState, AccountEvent>, 'handle' | 'load'>;
  readonly killSwitch: Pick<StoredKillSwitch, 'change'>;
  /** How long after a halt the lists may still lack an order that was placed before it. */
  readonly settledMs?: number;
}

/** What one pass did about one breach. */
export interface BreachReport {
  readonly breach: BreachRecord;
  /** Absent: orders are still being canceled, or it failed; the next pass goes on. */
  readonly outcome?: BreachOutcome;
  readonly isNew: boolean;
  readonly failed?: unknown;
}

const defaultSettledMs = 5_000;
/** What is left of a pass is kept for writing down what was done. */
const reserveMs = 500;

type Halted = { readonly outcome: BreachOutcome; readonly version: number; readonly isHalted: boolean };

/**
 * Does what breaches call for, whoever decided them: it goes by the breaches that are not concluded, so that a crash at any point is
 * made up for by the next pass. Everything it asks for has a key or a cause made from the breach, so that asking again does nothing
 * more. The account is halted first: from then on the write itself refuses the next order, and what works can be canceled for good.
 */
export class BreachResponse {
  readonly #parts: BreachResponseParts;
  readonly #settledMs: number;
  /** By breach: when its account was first seen halted here. */
  readonly #haltedMs = new Map<string, number>();
  readonly #told = new Set<string>();

  constructor(parts: BreachResponseParts) {
    this.#parts = parts;
    this.#settledMs = parts.settledMs ?? defaultSettledMs;
  }

  /** One pass, until the deadline. Throws what reading the breaches throws; the next pass is another try. */
  async pass(deadline: Deadline): Promise<readonly BreachReport[]> {
    const pending = await this.#parts.surveillance.pending(deadline);
    this.#forgetAllBut(pending);
    const reports: BreachReport[] = [];
    for (const breach of pending) {
      if (remainingMs(deadline, this.#parts.clock) <= reserveMs) break;
      const isNew = !this.#told.has(breach.breachId);
      this.#told.add(breach.breachId);
      reports.push({ breach, isNew, ...(await this.#attempt(breach, deadline)) });
    }
    return reports;
  }

  /** One that fails does not keep the others waiting. */
  async #attempt(
    breach: BreachRecord,
    deadline: Deadline,
  ): Promise<Pick<BreachReport, 'outcome' | 'failed'>> {
    try {
      const outcome = await this.#respond(breach, deadline);
      if (!outcome) return {};
      const settlement = { outcome, at: this.#parts.clock.now() };
      await this.#parts.surveillance.conclude(breach, settlement, deadline);
      return { outcome };
    } catch (failed) {
      return { failed };
    }
  }

  async #respond(breach: BreachRecord, deadline: Deadline): Promise<BreachOutcome | undefined> {
    if (breach.level === 'soft') return 'warned';
    if (breach.strategyId !== undefined) {
      const outcome = await this.#stopStrategy(breach, breach.strategyId, deadline);
      if (outcome) return outcome;
    }
    const { outcome, version, isHalted } = await this.#halt(breach, deadline);
    if (!isHalted) return outcome;
    const isQuiet = await this.#cancel(breach, version, deadline);
    return isQuiet ? outcome : undefined;
  }

  /** Undefined: no more strategies can be stopped; then the account is halted. */
  async #stopStrategy(
    breach: BreachRecord,
    strategyId: string,
    deadline: Deadline,
  ): Promise<BreachOutcome | undefined> {
    const { accountId } = breach;
    const scope = { of: 'strategy', accountId, strategyId } as const;
    const outcome = await this.#parts.killSwitch.change(
      { do: 'throw', scope, allowReducing: false, reason: reasonFor(breach), by: 'surveillance' },
      contextFor(breach, deadline),
    );
    if (outcome.outcome === 'unchanged' || outcome.outcome === 'key-reused') return 'already_stopped';
    const isRefused = outcome.events.some(({ type }) => type === 'KillSwitchChangeRefused');
    return isRefused ? undefined : 'strategy_stopped';
  }

  async #halt(breach: BreachRecord, deadline: Deadline): Promise<Halted> {
    const { accounts } = this.#parts;
    const { breachId, accountId, limit, observed, at } = breach;
    const stream = accountStream(accountId);
    const why = { breachId, watched: watchedText(breach), limit, observed, at };
    const answer = await accounts.handle(
      stream,
      { do: 'halt', reason: reasonFor(breach), breach: why },
      contextFor(breach, deadline),
    );
    const isDone = answer.outcome === 'committed' || answer.outcome === 'replayed';
    const isOurs = isDone && answer.events.some(({ type }) => type === 'AccountHalted');
    // A repeat tells what was then: somebody may have lifted the halt since.
    const { state, version } = await accounts.load(stream, deadline);
    const isHalted = state.kind === 'account' && state.status === 'halted';
    if (isOurs) return { outcome: 'account_halted', version: answer.commit.version, isHalted };
    if (isHalted) return { outcome: 'already_halted', version, isHalted };
    const isActive = state.kind === 'account' && state.status === 'active';
    return { outcome: isActive ? 'looked_at' : 'account_closed', version, isHalted };
  }

  /** Whether nothing works any more, and nothing can turn up that was placed before the halt. */
  async #cancel(breach: BreachRecord, version: number, deadline: Deadline): Promise<boolean> {
    const { breachId, accountId } = breach;
    const nowMs = this.#parts.clock.monotonicMs();
    const haltedMs = this.#haltedMs.get(breachId) ?? nowMs;
    this.#haltedMs.set(breachId, haltedMs);
    const { asked, failed, isComplete } = await cancelOpenOrders(
      this.#parts,
      { accountId, reason: 'account_halted', cause: `breach ${breachId}` },
      { ...contextFor(breach, deadline), causationId: `${accountStream(accountId)}@${version}` },
    );
    const [first] = failed;
    if (first) throw first.error;
    return isComplete && asked === 0 && nowMs - haltedMs >= this.#settledMs;
  }

  #forgetAllBut(pending: readonly BreachRecord[]): void {
    const left = new Set(pending.map(({ breachId }) => breachId));
    for (const breachId of this.#told) if (!left.has(breachId)) this.#told.delete(breachId);
    for (const breachId of this.#haltedMs.keys()) if (!left.has(breachId)) this.#haltedMs.delete(breachId);
  }
}

function reasonFor(breach: BreachRecord): string {
  return `surveillance: ${watchedText(breach)} is ${breach.observed}, the limit ${breach.limit}`;
}

/** Decided under the config that had the limit, because of the commit that crossed it. */
function contextFor(breach: BreachRecord, deadline: Deadline): CommandContext {
  const { breachId, stream, commitVersion, config } = breach;
  return {
    actor: { kind: 'risk', id: 'surveillance', proof: 'internal' },
    deadline,
    key: ownKey(`breach ${breachId}`, { breachId }),
    causationId: `${stream}@${commitVersion}`,
    correlationId: breachId,
    config: decidedUnderText({ config }),
  };
}
