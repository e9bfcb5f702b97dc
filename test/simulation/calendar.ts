import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import type { OpenOrdersPage, ViewReader } from '../../platform/views/port.ts';
import { epochMicros } from './clock.ts';
import { dayMs } from './market.ts';

const calendarDayMs = 86_400_000;

/** A trading day of the simulated world passes in moments. Whoever goes by the calendar sees it as a whole day. */
function calendarTime(at: Timestamp): Timestamp {
  return timestamp(epochMicros + (at - epochMicros) * (calendarDayMs / dayMs));
}

export function calendarClock(clock: Clock): Clock {
  return {
    now: () => calendarTime(clock.now()),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (milliseconds) => clock.sleep(milliseconds),
  };
}

export function calendarViews(views: Pick<ViewReader, 'openOrders'>): Pick<ViewReader, 'openOrders'> {
  return {
    openOrders: async (query, deadline): Promise<OpenOrdersPage> => {
      const { rows, ...next } = await views.openOrders(query, deadline);
      const inCalendar = rows.map(({ expireAt, ...row }) => ({
        ...row,
        submittedAt: calendarTime(row.submittedAt),
        ...(expireAt !== undefined && { expireAt: calendarTime(expireAt) }),
      }));
      return { rows: inCalendar, ...next };
    },
  };
}
