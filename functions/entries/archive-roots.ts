import { RootKeeper } from '../../platform/archive/root-keeper.ts';
import { createStreamsClient } from '../../platform/change-feed/dynamodb-streams-api.ts';
import { DynamoDbHeads } from '../../platform/event-store/dynamodb-heads.ts';
import { writtenSince } from '../compose-dynamodb-sweep.ts';
import { environmentNames } from '../environment.ts';
import { alarmsOf } from '../lambda/alarms.ts';
import { archiveIn } from '../lambda/archive.ts';
import { invoked } from '../lambda/invocation.ts';
import { cellOf } from '../lambda/surroundings.ts';
import { archiveRoots } from '../schedules/archive-roots.ts';

/** Needs no config, and no decision of anybody: the log, its change feed, and the archive. */
export const handler = invoked<unknown, void>({
  compose: async (surroundings) => {
    const { client, clock, random, setting, telemetry } = surroundings;
    const logTable = setting(environmentNames.logTable);
    const { onTampering } = alarmsOf(telemetry, 'archive-roots');
    const keeper = new RootKeeper({
      cell: cellOf(surroundings),
      archive: archiveIn(surroundings),
      log: new DynamoDbHeads({ client, table: logTable, clock, random }),
      written: writtenSince({ client, streams: createStreamsClient(), logTable, clock, random }),
      clock,
      onMissing: (head) => onTampering({ change: 'tampered', operation: 'missing', ...head }),
    });
    const run = archiveRoots({ keeper, log: telemetry.log });
    const handle = async () => {
      await run();
    };
    return { handle };
  },
});
