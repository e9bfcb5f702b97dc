import { expect, test } from 'vitest';
import { alarmsOf } from '../../functions/lambda/alarms.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { EmbeddedMetrics } from '../../platform/telemetry/embedded-metrics.ts';
import { silent } from '../../platform/telemetry/silent.ts';

test('a commit put aside and one that was changed are counted in the numbers that alarms wait for', () => {
  const lines: string[] = [];
  const metrics = new EmbeddedMetrics((line) => lines.push(line), systemClock);
  const alarms = alarmsOf({ ...silent, metrics }, 'views');
  alarms.onParked('views', { stream: 'order-1', version: 2, error: 'unknown event', at: systemClock.now() });
  alarms.onTampering({ change: 'tampered', operation: 'REMOVE', stream: 'order-1', version: 2 });
  metrics.flush();
  const said = Object.assign({}, ...lines.map((line): object => JSON.parse(line)));
  expect(said).toMatchObject({ commits_parked: 1, log_tampering: 1 });
});
