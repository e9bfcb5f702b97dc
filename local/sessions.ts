import type { Dependencies } from '../functions/dependencies.ts';
import { sessionsSchedule } from '../functions/schedules/sessions.ts';
import type { Clock } from '../platform/clock/clock.ts';
import { within } from '../platform/clock/within.ts';
import { Rounds } from '../platform/clock/rounds.ts';
import type { HotConfig } from '../platform/hot-config/port.ts';
import { nextBoundary } from '../platform/hot-config/sessions.ts';
import { SessionPass } from '../platform/sessions/session-pass.ts';

/** Orders with a time of their own are looked at this often; a clock that was set is noticed as soon. */
const longestMs = 60_000;
const shortestMs = 10;
const againMs = 1_000;
/** At a start: then the cell opens with the rest still to do. */
const beforeOpeningMs = 200;

/**
 * The calendar in this process. What should have happened while it was down is begun before this returns, so before anybody can
 * place an order: of a few thousand open orders all of it, of a million what there is time for, and the rest at once after it. Books
 * that are large are read meanwhile; each is at its phase before anything else happens in it. Then with every opening and close as they
 * come, and once a minute.
 */
export async function startSessions(
  dependencies: Dependencies,
  running: AsyncDisposableStack,
): Promise<SessionPass> {
  const { clock, telemetry, config } = dependencies;
  const { log } = telemetry;
  const sessions = new SessionPass(dependencies);
  const pass = sessionsSchedule({ sessions, clock, ...telemetry });
  const first = Promise.withResolvers<boolean>();
  let hasBegun = false;
  const rounds = new Rounds({
    clock,
    round: async () => {
      const { isComplete, failed, stalled } = await pass();
      // What fails at a start may well go a moment later.
      const isDone = isComplete && (hasBegun || failed.length + stalled.length === 0);
      hasBegun = true;
      first.resolve(isDone);
      return isDone ? untilNext(config, clock) : shortestMs;
    },
    afterFailureMs: againMs,
    onFailure: (error) => {
      first.resolve(false);
      log.error('the calendar could not be followed; trying again', error);
    },
  });
  running.defer(async () => {
    sessions.stop();
    await rounds.stop();
  });
  rounds.start(0);
  const isOver = await within(first.promise, beforeOpeningMs, { clock, otherwise: false });
  if (!isOver) log.info('the calendar is followed further while orders are taken');
  return sessions;
}

function untilNext(config: HotConfig, clock: Clock): number {
  const { document } = config.current().config;
  const now = clock.now();
  const next = nextBoundary(Object.values(document.sessions), now, document.dayTimeZone);
  const untilMs = next === undefined ? longestMs : Math.ceil((next - now) / 1000);
  return Math.min(longestMs, Math.max(shortestMs, untilMs));
}
