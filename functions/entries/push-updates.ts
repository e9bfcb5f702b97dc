import type { BatchAnswer, ChangeBatch } from '../consumers/shared/batches.ts';
import { doorOf } from '../compose-ground.ts';
import { batchMsIn } from '../lambda/deliveries.ts';
import { invoked } from '../lambda/invocation.ts';
import { withAccountFeed } from '../lambda/parts.ts';
import { socketsIn } from '../lambda/sockets.ts';
import { stand } from '../lambda/standing.ts';
import * as declared from '../manifest/sockets.ts';
import { pushUpdates } from '../sockets/push-updates.ts';

const { rights } = declared.pushUpdates;

export const handler = invoked<ChangeBatch, BatchAnswer>({
  compose: async (surroundings) => {
    const on = await stand(surroundings, rights);
    const around = { ...doorOf(on), ...withAccountFeed(on), ...socketsIn(surroundings) };
    return {
      handle: (batch, context) => pushUpdates({ ...around, batchMs: batchMsIn(context) })(batch),
      config: on.config,
    };
  },
});
