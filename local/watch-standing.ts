import type { Dependencies } from '../functions/dependencies.ts';
import { defaultCallMs, deadlineIn } from '../platform/deadline/deadline.ts';
import { watchConsumer } from '../platform/telemetry/consumer-metrics.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';

const scopes = ['firm', 'account', 'instrument', 'strategy'] as const;

/** What an operator sees of config, kill switches and consumers, each read when it is asked for. */
export function watchStanding(metrics: Metrics, dependencies: Dependencies): void {
  const { config, killSwitch, consumers, clock, surveillance } = dependencies;
  const soon = () => deadlineIn(defaultCallMs, clock);
  metrics.gauge('config_age', {}, () => (clock.now() - config.status().checkedAt) / 1e6);
  metrics.gauge('config_refused', {}, () => (config.status().error ? 1 : 0));
  metrics.gauge('surveillance_pending', {}, async () => (await surveillance.pending(soon())).length);
  for (const scope of scopes)
    metrics.gauge('kill_switches', { scope }, async () => {
      const { thrown } = await killSwitch.inForce(soon());
      return thrown.filter((one) => one.scope.of === scope).length;
    });
  for (const consumer of consumers.all)
    watchConsumer(metrics, consumer.name, { parked: async () => (await consumer.parked(soon())).length });
}
