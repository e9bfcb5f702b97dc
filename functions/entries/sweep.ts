import { createStreamsClient } from '../../platform/change-feed/dynamodb-streams-api.ts';
import { Sweeper } from '../../platform/consumer/sweeper.ts';
import { writtenInDynamoDb } from '../compose-dynamodb-sweep.ts';
import { environmentNames } from '../environment.ts';
import { everyConsumer } from '../lambda/everybody.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import * as declared from '../manifest/schedules.ts';
import { sweepSchedule } from '../schedules/sweep.ts';

export const handler = scheduledFunction(declared.sweep, (on) => {
  const { client, clock, random, setting, telemetry } = on.surroundings;
  const consumers = everyConsumer(on);
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
    clock,
    onFailure: (consumer, error) => telemetry.log.error('not swept, trying again', error, { consumer }),
  });
  return sweepSchedule({ sweeper, log: telemetry.log });
});
