import type { ThrownSwitch } from '../../domain/kill-switch/state.ts';
import {
  type CancelOpenOrders,
  cancelOpenOrders,
  type CancelingParts,
  type CancelingProgress,
} from '../cancelling/cancel-open-orders.ts';
import type { CommandContext } from '../command-handler/context.ts';
import { type Deadline, deadlineIn, remainingMs } from '../deadline/deadline.ts';
import { decidedUnderText } from '../hot-config/decided-under.ts';
import type { HotConfig } from '../hot-config/port.ts';
import type { Lag } from '../telemetry/consumer-metrics.ts';
import type { ViewReader } from '../views/port.ts';
import { type KillSwitch, oldestMs } from './port.ts';

export interface EnforcementParts extends CancelingParts {
  readonly killSwitch: KillSwitch & { readonly stream: string };
  readonly views: Pick<ViewReader, 'orders' | 'openAccounts'>;
  readonly config: Pick<HotConfig, 'current'>;
  /** How far the lists are behind. Absent: nobody can say, and every pass looks again for as long as a switch is thrown. */
  readonly lag?: () => Promise<Lag>;
}

export interface EnforcementReport {
  /** Orders that were canceled, or whose cancel was asked of the venue. */
  readonly asked: number;
  readonly failed: CancelingProgress['failed'];
  /** False: time ran out, or something failed that may succeed later. The next pass goes on. */
  readonly isComplete: boolean;
  /** The age of the oldest commit that the lists of working orders do not have, where it is too old to be sure of them. */
  readonly behindMs?: number;
}

/** Older lists may lack orders that were placed before the switch was known. */
const listsMs = 3_000;

/** What one process decided before it knew of a switch is in the lists by then. */
const settledMs = oldestMs + listsMs;

/**
 * Cancels what works in the scope of a switch that is thrown. It goes by what is, not by what happened: each pass looks for working orders
 * and asks, so that a crash, a pass that ran out of time and an order that slipped through while the switch was thrown are made
 * up for by the next pass. An order is asked once for each throwing.
 */
export class KillSwitchEnforcement {
  readonly #parts: EnforcementParts;
  /** By throwing: when it was met here first. */
  #met = new Map<number, number>();
  /** Throwings for which nothing works any more. */
  #done = new Set<string>();
  /** The account at which a pass ran out of time, by throwing. */
  readonly #places = new Map<string, string>();

  constructor(parts: EnforcementParts) {
    this.#parts = parts;
  }

  /** One pass, until the deadline. Throws what reading the switches or the lists throws; the next pass is another try. */
  async pass(deadline: Deadline): Promise<EnforcementReport> {
    const { killSwitch, clock } = this.#parts;
    const { thrown, version } = await killSwitch.inForce(deadline);
    this.#forgetAllBut(thrown);
    // What a strategy has working may go on: it is its next order that is refused.
    const toDo = thrown.filter((one) => one.scope.of !== 'strategy' && !this.#done.has(nameOf(one)));
    if (toDo.length === 0) return together([]);
    const { ageMs: behindMs } = (await this.#parts.lag?.()) ?? { ageMs: undefined };
    const areListsNew = behindMs !== undefined && behindMs <= listsMs;
    const reports: EnforcementReport[] = [];
    for (const [index, one] of toDo.entries()) {
      const isSettled = this.#isSettled(one) && areListsNew;
      const share = deadlineIn(remainingMs(deadline, clock) / (toDo.length - index), clock);
      const report = await this.#enforce(one, this.#contextFor(one, version, share));
      if (isSettled && isQuiet(report)) this.#done.add(nameOf(one));
      reports.push(report);
    }
    return { ...together(reports), ...(!areListsNew && behindMs !== undefined && { behindMs }) };
  }

  /** Whether what was decided before anybody knew of the switch must be in the lists by now. */
  #isSettled({ thrown }: ThrownSwitch): boolean {
    const nowMs = this.#parts.clock.monotonicMs();
    const metMs = this.#met.get(thrown) ?? nowMs;
    this.#met.set(thrown, metMs);
    return nowMs - metMs >= settledMs;
  }

  #contextFor({ thrown }: ThrownSwitch, version: number, deadline: Deadline): CommandContext {
    const { killSwitch, config } = this.#parts;
    return {
      actor: { kind: 'system', id: 'kill-switch', proof: 'internal' },
      deadline,
      causationId: `${killSwitch.stream}@${thrown}`,
      config: decidedUnderText({ config: config.current().version, killSwitches: version }),
    };
  }

  async #enforce(one: ThrownSwitch, context: CommandContext): Promise<EnforcementReport> {
    const { scope, allowReducing, thrown } = one;
    const { killSwitch, views, clock } = this.#parts;
    const { deadline } = context;
    const what: Omit<CancelOpenOrders, 'accountId'> = {
      reason: 'kill_switch',
      cause: `${killSwitch.stream}@${thrown}`,
      ...(scope.of === 'instrument' && { symbols: [scope.symbol] }),
      ...(allowReducing && { side: 'buy' }),
    };
    const accounts = scope.of === 'account' ? [scope.accountId] : await views.openAccounts(deadline);
    const name = nameOf(one);
    const reports: EnforcementReport[] = [];
    for (const accountId of roundFrom(this.#places.get(name), accounts)) {
      if (remainingMs(deadline, clock) === 0) {
        this.#places.set(name, accountId);
        return together([...reports, outOfTime]);
      }
      reports.push(await cancelOpenOrders(this.#parts, { accountId, ...what }, context));
    }
    this.#places.delete(name);
    return together(reports);
  }

  #forgetAllBut(thrown: readonly ThrownSwitch[]): void {
    const names = new Set(thrown.map(nameOf));
    this.#done = new Set([...this.#done].filter((name) => names.has(name)));
    for (const name of this.#places.keys()) if (!names.has(name)) this.#places.delete(name);
    this.#met = new Map([...this.#met].filter(([version]) => thrown.some((one) => one.thrown === version)));
  }
}

const outOfTime: EnforcementReport = { asked: 0, failed: [], isComplete: false };

/** All of them once, beginning with that one or the next: those before have had their turn. */
function roundFrom(place: string | undefined, accounts: readonly string[]): readonly string[] {
  const sorted = accounts.toSorted();
  if (place === undefined) return sorted;
  return [...sorted.filter((one) => one >= place), ...sorted.filter((one) => one < place)];
}

function isQuiet({ asked, failed, isComplete }: EnforcementReport): boolean {
  return asked === 0 && failed.length === 0 && isComplete;
}

function together(reports: readonly EnforcementReport[]): EnforcementReport {
  return {
    asked: reports.reduce((sum, { asked }) => sum + asked, 0),
    failed: reports.flatMap(({ failed }) => failed),
    isComplete: reports.every(({ isComplete }) => isComplete),
  };
}

/** A switch that was eased, or thrown again, is another one. */
function nameOf({ thrown, allowReducing }: ThrownSwitch): string {
  return `${thrown} ${allowReducing}`;
}
