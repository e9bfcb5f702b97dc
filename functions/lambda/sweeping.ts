import { createStreamsClient } from '../../platform/change-feed/dynamodb-streams-api.ts';
import type { AttendedConsumer } from '../../platform/consumer/attended.ts';
import { longestCallMs } from '../../platform/deadline/deadline.ts';
import { Sweeper } from '../../platform/consumer/sweeper.ts';
import { writtenInDynamoDb } from '../compose-dynamodb-sweep.ts';
import { environmentNames } from '../environment.ts';
import type { ScheduledFunction } from '../manifest.ts';
import { notSwept, sweepSchedule } from '../schedules/sweep.ts';
import type { Invoked } from './invocation.ts';
import { scheduledFunction } from './schedules.ts';
import type { Standing } from './standing.ts';

/** For answering, and for what a page costs beside its longest call. */
const reserveMs = 3_000;

/** A function that brings some consumers what no delivery brought: it does their work, and so carries all that they do. */
export function sweepingFunction(
  entry: ScheduledFunction,
  consumersIn: (on: Standing) => readonly AttendedConsumer[],
): Invoked<unknown, void> {
  return scheduledFunction(entry, (on) => {
    const { client, clock, random, setting, telemetry } = on.surroundings;
    const consumers = consumersIn(on);
    const sweeper = new Sweeper({
      ...writtenInDynamoDb({
        client,
        streams: createStreamsClient(),
        logTable: setting(environmentNames.logTable),
        viewsTable: setting(environmentNames.viewsTable),
        clock,
        random,
      }),
      consumers: () => consumers,
      // The page in work and its longest call end before the function does.
      limits: { runMs: entry.deadlineMs - longestCallMs - reserveMs },
      clock,
      onFailure: notSwept(telemetry),
    });
    return sweepSchedule({ sweeper, ...telemetry });
  });
}
