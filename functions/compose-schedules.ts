import type { Clock } from '../platform/clock/clock.ts';
import type { Sweeper } from '../platform/consumer/sweeper.ts';
import type { KillSwitchEnforcement } from '../platform/kill-switch/enforcement.ts';
import type { SessionPass } from '../platform/sessions/session-pass.ts';
import type { Log } from '../platform/telemetry/port.ts';
import type { Dispatcher } from '../platform/webhooks/dispatcher.ts';
import { type ScheduledFunction, type ScheduledFunctionName, scheduledFunctions } from './manifest.ts';
import { enforceKillSwitch } from './schedules/enforce-kill-switch.ts';
import { deliverWebhooks } from './schedules/deliver-webhooks.ts';
import { sessionsSchedule } from './schedules/sessions.ts';
import type { BreachResponse } from '../platform/surveillance/response.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';
import { respondToBreaches } from './schedules/respond-to-breaches.ts';
import { sweepSchedule } from './schedules/sweep.ts';

export interface ScheduleParts {
  readonly sweeper: Sweeper;
  readonly enforcement: KillSwitchEnforcement;
  readonly sessions: SessionPass;
  readonly response: BreachResponse;
  readonly dispatcher: Pick<Dispatcher, 'pass'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Called each time its time has come. Throws when it failed; the next time is another try. */
export type Scheduled = () => Promise<unknown>;

/**
 * One machine has no archive, its log is a file, backed up and verified as one; replaying it beside orders would hold them up, and
 * `npm run reconcile` reads a copy; its process itself holds the connections of clients; and one sweep goes over the log for everybody.
 */
const inTheCloudOnly = [
  'archive-roots',
  'reconcile',
  'lost-connections',
  'sweep-orders',
  'sweep-books',
] as const;
type ScheduledHere = Exclude<ScheduledFunctionName, (typeof inTheCloudOnly)[number]>;

const schedules: Readonly<Record<ScheduledHere, (parts: ScheduleParts) => Scheduled>> = {
  sessions: sessionsSchedule,
  sweep: sweepSchedule,
  'deliver-webhooks': deliverWebhooks,
  'enforce-kill-switch': enforceKillSwitch,
  'respond-to-breaches': respondToBreaches,
};

export interface ComposedSchedule {
  readonly entry: ScheduledFunction;
  readonly run: Scheduled;
}

/** Every function of the manifest that a clock wakes on one machine. */
export function composeSchedules(parts: ScheduleParts): readonly ComposedSchedule[] {
  return scheduledFunctions.flatMap((entry) =>
    isHere(entry.name) ? [{ entry, run: schedules[entry.name](parts) }] : [],
  );
}

function isHere(name: ScheduledFunctionName): name is ScheduledHere {
  return !inTheCloudOnly.some((one) => one === name);
}
