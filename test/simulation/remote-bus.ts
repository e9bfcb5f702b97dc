import {
  BusRejected,
  BusUnavailable,
  type Published,
  type Publisher,
} from '../../platform/event-bus/port.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { isRetryable } from '../../platform/consumer/errors.ts';
import type { Weather } from './weather.ts';
import type { Wire } from './wire.ts';

/** Where what was published arrives. */
export interface BusDoor {
  take(commit: Commit): void;
}

/** As `PutEvents` answers: entry by entry, some taken and some not, or nothing at all, whatever became of them. */
export function remoteBus(bus: BusDoor, wire: Wire, weather: Weather): Publisher {
  return {
    publish: async (commits, deadline) => {
      if (commits.length === 0) return [];
      const answers = commits.map((): Published => {
        if (weather.strikes('entry: refused'))
          return { outcome: 'refused', error: new BusRejected('an entry') };
        if (weather.strikes('entry: failed'))
          return { outcome: 'unavailable', error: new BusUnavailable('an entry') };
        return { outcome: 'published' };
      });
      try {
        await wire.write(`publish ${commits.length}`, deadline, async () => {
          for (const [index, commit] of commits.entries())
            if (answers[index]?.outcome === 'published') bus.take(commit);
        });
        return answers;
      } catch (cause) {
        if (!isRetryable(cause)) throw cause;
        const error = new BusUnavailable('the bus', { cause });
        return commits.map(() => ({ outcome: 'unavailable', error }));
      }
    },
  };
}
