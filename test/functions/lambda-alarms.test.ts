import { expect, test } from 'vitest';
import { orderId } from '../../domain/values/ids.ts';
import { alarmsOf } from '../../functions/lambda/alarms.ts';
import { enforceKillSwitch } from '../../functions/schedules/enforce-kill-switch.ts';
import { sessionsSchedule } from '../../functions/schedules/sessions.ts';
import { notSwept, sweepSchedule } from '../../functions/schedules/sweep.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { EmbeddedMetrics } from '../../platform/telemetry/embedded-metrics.ts';
import type { Telemetry } from '../../platform/telemetry/port.ts';
import { silent } from '../../platform/telemetry/silent.ts';

/** What is counted while something is done. */
async function counted(work: (telemetry: Telemetry) => unknown): Promise<object> {
  const lines: string[] = [];
  const metrics = new EmbeddedMetrics((line) => lines.push(line), systemClock);
  await work({ ...silent, metrics });
  metrics.flush();
  return Object.assign({}, ...lines.map((line): object => JSON.parse(line)));
}

test('a commit put aside and one that was changed are counted in the numbers that alarms wait for', async () => {
  const said = await counted((telemetry) => {
    const alarms = alarmsOf(telemetry, 'views');
    alarms.onParked('views', {
      stream: 'order-1',
      version: 2,
      error: 'unknown event',
      at: systemClock.now(),
    });
    alarms.onTampering({ change: 'tampered', operation: 'REMOVE', stream: 'order-1', version: 2 });
  });
  expect(said).toMatchObject({ commits_parked: 1, log_tampering: 1 });
});

const swept = { consumer: 'views-5', streams: 3, behind: 2, applied: 4, parked: 0, isComplete: true };
const failed = [{ orderId: orderId('one'), error: new Error('no answer') }];
const clock = systemClock;

test.each<[string, (telemetry: Telemetry) => unknown, object]>([
  [
    'a sweep that brought something',
    (telemetry) => sweepSchedule({ ...telemetry, sweeper: { run: async () => [swept] } })(),
    { commits_swept: 4 },
  ],
  [
    'a consumer that could not be swept',
    (telemetry) => notSwept(telemetry)('views', new Error('no answer')),
    { schedule_failures: 1 },
  ],
  [
    'orders that could not be canceled for a kill switch',
    (telemetry) => {
      const report = { asked: 0, failed, isComplete: false };
      return enforceKillSwitch({ ...telemetry, clock, enforcement: { pass: async () => report } })();
    },
    { schedule_failures: 1 },
  ],
  [
    'a book that could not follow the calendar',
    (telemetry) => {
      const moved = { expired: 0, asked: 0, released: 0, failed: [] };
      const report = { ...moved, stalled: [new Error('no answer')], isComplete: false };
      return sessionsSchedule({ ...telemetry, clock, sessions: { run: async () => report } })();
    },
    { schedule_failures: 1 },
  ],
])('%s is counted, since the round itself does not fail', async (_what, work, numbers) => {
  expect(await counted(work)).toMatchObject(numbers);
});
