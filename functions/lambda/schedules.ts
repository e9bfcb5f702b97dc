import type { Scheduled } from '../compose-schedules.ts';
import type { ScheduledFunction } from '../manifest.ts';
import { type Invoked, invoked } from './invocation.ts';
import { stand, type Standing } from './standing.ts';

/** A function that a clock wakes. A run that throws has failed: the next is another try. */
export function scheduledFunction(
  { rights }: ScheduledFunction,
  compose: (on: Standing) => Scheduled | Promise<Scheduled>,
): Invoked<unknown, void> {
  return invoked({
    compose: async (surroundings) => {
      const standing = await stand(surroundings, rights);
      const run = await compose(standing);
      const { config } = standing;
      const handle = async () => {
        await run();
      };
      return { handle, config };
    },
  });
}
