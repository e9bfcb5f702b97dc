import type { OrderCommand } from '../../domain/order/commands.ts';
import { orderStream } from '../../domain/order/effects.ts';
import { orderId as toOrderId, requestId } from '../../domain/values/ids.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../clock/clock.ts';
import { unlessAborted } from '../clock/unless-aborted.ts';
import type { CommandContext } from '../command-handler/context.ts';
import { ownKey } from '../command-handler/own-key.ts';
import { type Deadline, remainingMs } from '../deadline/deadline.ts';
import type { VersionedConfig } from '../hot-config/port.ts';
import type { OrderHandler } from '../reporting/venue-reporting.ts';
import type { Hint } from '../venue/hints.ts';
import { internalVenue } from '../venue/market-rules.ts';
import type { OwnVenue } from '../venue/own-venue.ts';
import type { ViewReader } from '../views/port.ts';
import type { OrderRow } from '../views/row.ts';
import { type Due, dueOf, isInForce, type Market } from './due.ts';
import { Looking, type LookingTimes } from './looking.ts';
import { type EntryParts, mayEnter } from './may-enter.ts';

export interface SessionParts extends EntryParts {
  readonly orders: Pick<OrderHandler, 'handle'>;
  readonly views: Pick<ViewReader, 'openOrders'>;
  readonly clock: Clock;
  /** Default: `lookingTimes`. */
  readonly looking?: LookingTimes;
  /** Undefined: there is no market of our own in this cell. */
  readonly market: { readonly venue: CalendarBooks } | undefined;
}

/** Our own books, which change their phase by themselves whenever they are called. */
export type CalendarBooks = Pick<OwnVenue, 'align' | 'follow' | 'attend' | 'admitted'>;

export interface SessionReport {
  readonly expired: number;
  /** Their venue was asked to cancel what it should have ended. */
  readonly asked: number;
  readonly released: number;
  readonly failed: readonly { readonly orderId: string; readonly error: unknown }[];
  /** Why our own books could not be called. */
  readonly stalled: readonly unknown[];
  /** False: time ran out. The next pass goes on where this one stopped. */
  readonly isComplete: boolean;
}

interface Total {
  expired: number;
  asked: number;
  released: number;
  readonly failed: { readonly orderId: string; readonly error: unknown }[];
  readonly stalled: unknown[];
  /** Instruments with open orders, as far as this run has seen. */
  readonly symbols: Set<string>;
}

/** For an answer of their venue. */
const waiting: ReadonlySet<OrderRow['status']> = new Set(['pending_new', 'pending_cancel']);

const atOnce = 50;
/** Whoever places orders waits for one page at most. */
const pageRows = 200;
/** More pages than there can be open orders. */
const pagesMax = 25_000;
/** What is left of the caller's time is kept for telling how far it got. */
const reserveMs = 250;

interface Place {
  readonly step: Step;
  readonly at: Looked;
  readonly after?: string;
  /** When the first of the passes that make up one began. */
  readonly startedAt: Timestamp;
}

type Looked = ReturnType<Looking['at']>;

interface Walk {
  /** Which open orders are gone through. */
  readonly at: Looked;
  readonly total: Total;
  readonly deadline: Deadline;
}

/**
 * Does with open orders what the calendar asks: day orders end at their session's close, dated ones at their time, queued ones enter
 * once the market takes orders. Our own books are called first, so that they end their day themselves, and once more after everybody who
 * had queued is in them: then they may open. It ends before it releases, so that what should have ended while nobody looked does not
 * trade. Each order decides for itself; asked twice it has nothing more to do, so that any process may run this at any time, and again
 * after a crash.
 */
export class SessionPass {
  readonly #parts: SessionParts;
  readonly #looking: Looking;
  /** Where a pass without time left stopped. */
  #place: Place | undefined;
  readonly #stopping = new AbortController();

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#looking = new Looking(parts.looking);
  }

  /** A pass that is under way ends with the page it is at, as if its time were over; one that waits for lists to be fresh, at once. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Throws what reading the lists throws; the next pass is another try. */
  async run(deadline: Deadline): Promise<SessionReport> {
    const total: Total = { expired: 0, asked: 0, released: 0, failed: [], stalled: [], symbols: new Set() };
    const from = this.#place;
    const { clock, config } = this.#parts;
    const startedAt = from?.startedAt ?? clock.now();
    const at = from?.at ?? this.#looking.at(startedAt, config.current());
    const walk = { total, at, deadline };
    this.#place = undefined;
    await this.#books(total, (books) => books.align(deadline));
    for (const step of steps) {
      if (from && steps.indexOf(step) < steps.indexOf(from.step)) continue;
      const stopped = await this.#walk(step, from?.step === step ? from.after : undefined, walk);
      if (!stopped) continue;
      this.#place = { step, at, startedAt, ...stopped };
      return reported(total, false);
    }
    if (at === 'all') this.#looking.sawAll(startedAt);
    await this.#open(startedAt, walk);
    return reported(total, true);
  }

  /** Everybody has entered who had queued when the pass began: what opens by the calendar opens. */
  async #open(startedAt: Timestamp, { total, deadline }: Walk): Promise<void> {
    this.#parts.market?.venue.admitted(startedAt);
    await this.#books(total, (books) => books.align(deadline));
  }

  /** Books that cannot be called keep nobody else's orders from ending. */
  async #books(total: Total, call: (books: CalendarBooks) => Promise<unknown>): Promise<void> {
    const { market } = this.#parts;
    if (!market) return;
    try {
      await call(market.venue);
    } catch (error) {
      total.stalled.push(error);
    }
  }

  /** Every page, or up to where time ran out. */
  async #walk(
    step: Step,
    start: string | undefined,
    walk: Walk,
  ): Promise<{ readonly after?: string } | undefined> {
    const { views, clock } = this.#parts;
    let after = start;
    for (let page = 0; page < pagesMax; page += 1) {
      const place = after === undefined ? {} : { after };
      if (this.#stopping.signal.aborted || remainingMs(walk.deadline, clock) <= reserveMs) return place;
      const which = isSeenWhole(step, walk) ? {} : ({ timed: true } as const);
      const query = { limit: pageRows, ...which, ...place };
      const found = await unlessAborted(views.openOrders(query, walk.deadline), this.#stopping.signal);
      if (!found) return place;
      const { rows, next } = found;
      await this.#follow(rows, walk);
      await this.#page(step, rows, walk);
      if (next === undefined) return undefined;
      after = next;
      // Whoever places orders comes first.
      await clock.sleep(0);
    }
    return undefined;
  }

  /** Books that this process has not met, or not this time: their phase is what the orders on this page are looked at in. */
  async #follow(rows: readonly OrderRow[], { total, deadline }: Walk): Promise<void> {
    for (const { symbol } of rows) {
      if (total.symbols.has(symbol)) continue;
      total.symbols.add(symbol);
      await this.#books(total, (books) => books.follow(symbol, deadline));
    }
  }

  /**
   * Who asked to enter or to cancel while the config had the instrument elsewhere, and has no answer, is heard once it is ours: what they
   * asked was nothing for our book then, and is not told again.
   */
  async #attend(rows: readonly OrderRow[], { total, deadline }: Omit<Walk, 'at'>): Promise<void> {
    const current = this.#parts.config.current();
    const hints = rows
      .filter(({ status, symbol }) => waiting.has(status) && marketOf(symbol, current).isOurs)
      .map(({ orderId, version, symbol }): Hint => ({ orderId: toOrderId(orderId), version, symbol }));
    if (hints.length > 0) await this.#books(total, (books) => books.attend(hints, deadline));
  }

  async #page(step: Step, rows: readonly OrderRow[], { total, deadline }: Walk): Promise<void> {
    const { config, clock } = this.#parts;
    const current = config.current();
    const now = clock.now();
    if (step !== releasing) await this.#attend(rows.filter(isInForce), { total, deadline });
    const due = rows.filter(isInForce).flatMap((row) => {
      const what = dueOf(row, marketOf(row.symbol, current), now);
      return step.includes(what) ? [{ row, what }] : [];
    });
    for (let from = 0; from < due.length; from += atOnce) {
      const some = due.slice(from, from + atOnce);
      const context = contextFor(deadline, current.version);
      const done = await Promise.allSettled(some.map(({ row, what }) => this.#one(row, what, context)));
      for (const [index, one] of done.entries()) {
        if (one.status === 'fulfilled') count(total, one.value.due);
        else total.failed.push({ orderId: some[index]?.row.orderId ?? '', error: one.reason });
      }
      const hints = done.flatMap((one) => (one.status === 'fulfilled' ? (one.value.hint ?? []) : []));
      if (hints.length > 0) await this.#books(total, (books) => books.attend(hints, deadline));
    }
  }

  /** What it came to; nothing where the order has gone on since it was listed. A released one is brought to its book at once. */
  async #one(row: OrderRow, due: Due, context: CommandContext): Promise<Done> {
    if (due === 'release' && !(await mayEnter(this.#parts, row, context.deadline))) return { due: 'nothing' };
    const { orderId, symbol, submittedAt } = row;
    const stream = orderStream(orderId);
    const command = commandFor(due, submittedAt);
    const key = command.do === 'request-cancel' && {
      key: ownKey(command.requestId, { reason: command.reason }),
    };
    const outcome = await this.#parts.orders.handle(stream, command, { ...context, ...key });
    if (outcome.outcome !== 'committed') return { due: 'nothing' };
    const { version } = outcome.commit;
    return due === 'release' ? { due, hint: { orderId: toOrderId(orderId), version, symbol } } : { due };
  }
}

/** Orders that enter have queued, and are among those that the clock may move at any moment. */
function isSeenWhole(step: Step, { at }: Walk): boolean {
  return at === 'all' && step !== releasing;
}

interface Done {
  readonly due: Due;
  readonly hint?: Hint;
}

type Step = readonly Due[];
const releasing: Step = ['release'];
const steps: readonly Step[] = [['expire', 'ask-to-cancel'], releasing];

function commandFor(
  due: Due,
  submittedAt: number,
): Extract<OrderCommand, { do: 'expire' | 'release' | 'request-cancel' }> {
  if (due === 'expire') return { do: 'expire' };
  if (due === 'release') return { do: 'release' };
  // Once for each time an order got terms that end.
  return { do: 'request-cancel', requestId: requestId(`session-end ${submittedAt}`), reason: 'session_end' };
}

function reported({ symbols: _symbols, ...total }: Total, isComplete: boolean): SessionReport {
  return { ...total, isComplete };
}

function count(total: Total, due: Due): void {
  if (due === 'expire') total.expired += 1;
  else if (due === 'ask-to-cancel') total.asked += 1;
  else if (due === 'release') total.released += 1;
}

/** An instrument that was taken out: what is open in it still ends in its time, a day with the calendar's, and nothing enters. */
const withoutHours = { session: { kind: 'continuous' }, isOurs: false, isHalted: true } as const;

function marketOf(symbol: string, { config }: VersionedConfig): Market {
  const { dayTimeZone } = config.document;
  const instrument = config.instrument(symbol);
  if (!instrument) return { ...withoutHours, dayTimeZone };
  const { firm, instrument: isSwitched } = config.switches('', symbol);
  return {
    session: instrument.session,
    dayTimeZone,
    isOurs: instrument.entry.venue === internalVenue,
    isHalted: instrument.rules.halted || firm || isSwitched,
  };
}

function contextFor(deadline: Deadline, config: string): CommandContext {
  return { actor: { kind: 'system', id: 'sessions', proof: 'internal' }, deadline, config };
}
