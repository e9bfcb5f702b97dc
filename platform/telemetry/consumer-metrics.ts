import type { Clock } from '../clock/clock.ts';
import type { GaugeReader, Metrics } from './metrics.ts';

/** How far a consumer is behind the log. */
export interface Lag {
  readonly commits: number;
  /** Of the oldest commit not applied; 0 when there is none. */
  readonly ageMs: number;
}

export interface WatchedConsumer {
  readonly lag?: () => Promise<Lag>;
  readonly parked?: GaugeReader;
  /** Where it runs in a process of its own: whether that is there. */
  readonly isWorking?: () => boolean;
}

/** What an operator sees of a consumer when asking: how far behind it is, and what it cannot go on with. One call for each. */
export function watchConsumer(
  metrics: Metrics,
  consumer: string,
  { lag, parked, isWorking }: WatchedConsumer,
): void {
  if (parked) metrics.gauge('consumer_parked', { consumer }, parked);
  if (isWorking) metrics.gauge('consumer_standing_still', { consumer }, () => (isWorking() ? 0 : 1));
  if (!lag) return;
  metrics.gauge('consumer_behind', { consumer }, async () => (await lag()).commits);
  metrics.gauge('consumer_behind_age', { consumer }, async () => (await lag()).ageMs / 1000);
}

/** Counts and times a consumer's batches, whatever they are made of. What `deliver` throws is counted and thrown on. */
export function measuredDelivery<
  Arguments extends readonly unknown[],
  Result extends { readonly applied: number },
>(
  metrics: Metrics,
  clock: Clock,
  consumer: string,
  deliver: (...given: Arguments) => Promise<Result>,
): (...given: Arguments) => Promise<Result> {
  const applied = metrics.counter('consumer_applied', { consumer });
  const failures = metrics.counter('consumer_failures', { consumer });
  const duration = metrics.histogram('consumer_batch_duration', { consumer });
  return async (...given) => {
    const startedMs = clock.monotonicMs();
    try {
      const result = await deliver(...given);
      applied.add(result.applied);
      return result;
    } catch (error) {
      failures.add();
      throw error;
    } finally {
      duration.record(clock.monotonicMs() - startedMs);
    }
  };
}
