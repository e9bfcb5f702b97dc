import { longestCallMs } from '../../platform/deadline/deadline.ts';
import { invoked } from '../lambda/invocation.ts';
import { openStore } from '../lambda/standing.ts';
import * as declared from '../manifest/schedules.ts';
import { reconcileSchedule } from '../schedules/reconcile.ts';

/** For the books' own replay, which takes no look at the time, and for answering. */
const reserveMs = 15_000;

/** Needs no config, and no decision of anybody. */
export const handler = invoked<unknown, void>({
  compose: async (surroundings) => {
    const { clock, telemetry } = surroundings;
    const run = reconcileSchedule({
      ...telemetry,
      store: openStore(surroundings),
      clock,
      // The call in work ends before the function does.
      runMs: declared.reconcile.deadlineMs - longestCallMs - reserveMs,
    });
    const handle = async () => {
      await run();
    };
    return { handle };
  },
});
