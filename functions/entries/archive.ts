import { archiveConsumer, archiveName } from '../consumers/archive.ts';
import type { BatchAnswer, ChangeBatch } from '../consumers/shared/batches.ts';
import { alarmsOf } from '../lambda/alarms.ts';
import { archiveIn } from '../lambda/archive.ts';
import { batchMsIn } from '../lambda/deliveries.ts';
import { invoked } from '../lambda/invocation.ts';
import { cellOf } from '../lambda/surroundings.ts';

/** Needs no config and no table: the batch has everything. */
export const handler = invoked<ChangeBatch, BatchAnswer>({
  compose: async (surroundings) => {
    const { clock, telemetry } = surroundings;
    const archive = archiveIn(surroundings);
    const around = { cell: cellOf(surroundings), archive, clock, ...alarmsOf(telemetry, archiveName) };
    return { handle: (batch, context) => archiveConsumer({ ...around, batchMs: batchMsIn(context) })(batch) };
  },
});
