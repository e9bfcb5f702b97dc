import type { OrderCommand } from '../../domain/order/commands.ts';
import { orderStream } from '../../domain/order/effects.ts';
import { requestId } from '../../domain/values/ids.ts';
import type { Clock } from '../clock/clock.ts';
import type { CommandContext } from '../command-handler/context.ts';
import { requestHashOf } from '../command-handler/request-hash.ts';
import { type Deadline, remainingMs } from '../deadline/deadline.ts';
import type { HotConfig, VersionedConfig } from '../hot-config/port.ts';
import type { OrderHandler } from '../reporting/venue-reporting.ts';
import { internalVenue } from '../venue/market-rules.ts';
import { ordersMax, type ViewReader } from '../views/port.ts';
import type { OrderRow } from '../views/row.ts';
import { type Due, dueOf, isInForce, type Market } from './due.ts';

export interface SessionParts {
  readonly orders: Pick<OrderHandler, 'handle'>;
  readonly views: Pick<ViewReader, 'openOrders'>;
  readonly config: Pick<HotConfig, 'current'>;
  readonly clock: Clock;
}

export interface SessionReport {
  readonly expired: number;
  /** Their venue was asked to cancel what it should have ended. */
  readonly asked: number;
  readonly released: number;
  readonly failed: readonly { readonly orderId: string; readonly error: unknown }[];
  /** False: time ran out. The next pass goes on where this one stopped. */
  readonly isComplete: boolean;
}

interface Total {
  expired: number;
  asked: number;
  released: number;
  readonly failed: { readonly orderId: string; readonly error: unknown }[];
}

const atOnce = 50;
/** More pages than there can be open orders. */
const pagesMax = 10_000;
/** What is left of the caller's time is kept for telling how far it got. */
const reserveMs = 250;

/**
 * Does with open orders what the calendar asks: day orders end at their session's close, dated ones at their time, queued ones enter
 * at the open. It ends before it releases, so that what should have ended while nobody looked does not trade. Each order decides
 * for itself; asked twice it has nothing more to do, so that any process may run this at any time, and again after a crash.
 */
export class SessionPass {
  readonly #parts: SessionParts;
  /** Where a pass without time left stopped. */
  #place: { readonly step: Step; readonly after?: string } | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Throws what reading the lists throws; the next pass is another try. */
  async run(deadline: Deadline): Promise<SessionReport> {
    const total: Total = { expired: 0, asked: 0, released: 0, failed: [] };
    const from = this.#place;
    this.#place = undefined;
    for (const step of steps) {
      if (from && steps.indexOf(step) < steps.indexOf(from.step)) continue;
      const after = from?.step === step ? from.after : undefined;
      const stopped = await this.#walk(step, after, { total, deadline });
      if (!stopped) continue;
      this.#place = { step, ...(stopped.after !== undefined && { after: stopped.after }) };
      return { ...total, isComplete: false };
    }
    return { ...total, isComplete: true };
  }

  /** Every page, or up to where time ran out. */
  async #walk(
    step: Step,
    start: string | undefined,
    { total, deadline }: { readonly total: Total; readonly deadline: Deadline },
  ): Promise<{ readonly after?: string } | undefined> {
    const { views, clock } = this.#parts;
    let after = start;
    for (let page = 0; page < pagesMax; page += 1) {
      const place = after === undefined ? {} : { after };
      if (remainingMs(deadline, clock) <= reserveMs) return place;
      const { rows, next } = await views.openOrders({ limit: ordersMax, ...place }, deadline);
      await this.#page(step, rows, { total, deadline });
      if (next === undefined) return undefined;
      after = next;
    }
    return undefined;
  }

  async #page(
    step: Step,
    rows: readonly OrderRow[],
    { total, deadline }: { readonly total: Total; readonly deadline: Deadline },
  ): Promise<void> {
    const { config, clock } = this.#parts;
    const current = config.current();
    const now = clock.now();
    const due = rows.filter(isInForce).flatMap((row) => {
      const market = marketOf(row.symbol, current);
      const what = market ? dueOf(row, market, now) : 'nothing';
      return step.includes(what) ? [{ row, what }] : [];
    });
    for (let from = 0; from < due.length; from += atOnce) {
      const some = due.slice(from, from + atOnce);
      const context = contextFor(deadline, current.version);
      const done = await Promise.allSettled(some.map(({ row, what }) => this.#one(row, what, context)));
      for (const [index, one] of done.entries()) {
        if (one.status === 'fulfilled') count(total, one.value);
        else total.failed.push({ orderId: some[index]?.row.orderId ?? '', error: one.reason });
      }
    }
  }

  /** What it came to; nothing where the order has gone on since it was listed. */
  async #one({ orderId, submittedAt }: OrderRow, due: Due, context: CommandContext): Promise<Due> {
    const stream = orderStream(orderId);
    const command = commandFor(due, submittedAt);
    const key = command.do === 'request-cancel' && {
      key: { commandId: command.requestId, requestHash: requestHashOf({ reason: command.reason }) },
    };
    const outcome = await this.#parts.orders.handle(stream, command, { ...context, ...key });
    return outcome.outcome === 'committed' ? due : 'nothing';
  }
}

type Step = readonly Due[];
const steps: readonly Step[] = [['expire', 'ask-to-cancel'], ['release']];

function commandFor(
  due: Due,
  submittedAt: number,
): Extract<OrderCommand, { do: 'expire' | 'release' | 'request-cancel' }> {
  if (due === 'expire') return { do: 'expire' };
  if (due === 'release') return { do: 'release' };
  // Once for each time an order got terms that end.
  return { do: 'request-cancel', requestId: requestId(`session-end ${submittedAt}`), reason: 'session_end' };
}

function count(total: Total, due: Due): void {
  if (due === 'expire') total.expired += 1;
  else if (due === 'ask-to-cancel') total.asked += 1;
  else if (due === 'release') total.released += 1;
}

function marketOf(symbol: string, { config }: VersionedConfig): Market | undefined {
  const instrument = config.instrument(symbol);
  if (!instrument) return undefined;
  const { firm, instrument: isSwitched } = config.switches('', symbol);
  return {
    session: instrument.session,
    dayTimeZone: config.document.dayTimeZone,
    isOurs: instrument.entry.venue === internalVenue,
    isHalted: instrument.rules.halted || firm || isSwitched,
  };
}

function contextFor(deadline: Deadline, config: string): CommandContext {
  return { actor: { kind: 'system', id: 'sessions', proof: 'internal' }, deadline, config };
}
