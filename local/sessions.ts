import type { Dependencies } from '../functions/dependencies.ts';
import { sessionsSchedule } from '../functions/schedules/sessions.ts';
import { deadlineIn } from '../platform/deadline/deadline.ts';
import type { Clock } from '../platform/clock/clock.ts';
import { Rounds } from '../platform/clock/rounds.ts';
import type { HotConfig } from '../platform/hot-config/port.ts';
import { nextBoundary } from '../platform/hot-config/sessions.ts';
import { SessionPass } from '../platform/sessions/session-pass.ts';

/** Orders with a time of their own are looked at this often; a clock that was set is noticed as soon. */
const longestMs = 60_000;
const shortestMs = 10;
const againMs = 1_000;
/** At a start: then the cell opens with the rest still to do. */
const beforeOpeningMs = 750;

/**
 * The calendar in this process. What should have happened while it was down is begun before this returns, so before anybody can
 * place an order: of a few thousand open orders all of it, of a million what there is time for, and the rest at once after it. Our own
 * books are at their phase before anything else happens in them, however long that takes. Then with every opening and close as they
 * come, and once a minute.
 */
export async function startSessions(
  dependencies: Dependencies,
  running: AsyncDisposableStack,
): Promise<SessionPass> {
  const { clock, telemetry, config } = dependencies;
  const { log } = telemetry;
  const sessions = new SessionPass(dependencies);
  const pass = sessionsSchedule({ sessions, clock, log });
  const { isComplete, failed, stalled, ...moved } = await sessions.run(deadlineIn(beforeOpeningMs, clock));
  const isDone = isComplete && failed.length + stalled.length === 0;
  // Whatever fails for longer than a start is told of by the rounds.
  if (!isDone) log.info('the calendar is followed further while orders are taken', moved);
  const rounds = new Rounds({
    clock,
    round: async () => ((await pass()).isComplete ? untilNext(config, clock) : shortestMs),
    afterFailureMs: againMs,
    onFailure: (error) => log.error('the calendar could not be followed; trying again', error),
  });
  running.defer(async () => {
    sessions.stop();
    await rounds.stop();
  });
  rounds.start(isDone ? untilNext(config, clock) : shortestMs);
  return sessions;
}

function untilNext(config: HotConfig, clock: Clock): number {
  const { document } = config.current().config;
  const now = clock.now();
  const next = nextBoundary(Object.values(document.sessions), now, document.dayTimeZone);
  const untilMs = next === undefined ? longestMs : Math.ceil((next - now) / 1000);
  return Math.min(longestMs, Math.max(shortestMs, untilMs));
}
