import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { doorOf } from '../compose-ground.ts';
import { invoked } from '../lambda/invocation.ts';
import { withAccountFeed, withAccounts, withOrders, withViews } from '../lambda/parts.ts';
import { socketsIn } from '../lambda/sockets.ts';
import { stand } from '../lambda/standing.ts';
import * as declared from '../manifest/sockets.ts';
import { type SocketAnswer, type SocketCall, tradeUpdates } from '../sockets/trade-updates.ts';

const { rights, deadlineMs } = declared.tradeUpdates;

export const handler = invoked<SocketCall, SocketAnswer>({
  compose: async (surroundings) => {
    const on = await stand(surroundings, rights);
    const reached = { ...withOrders(on), ...withAccounts(on), ...withViews(on), ...withAccountFeed(on) };
    const answer = tradeUpdates({ ...doorOf(on), ...reached, ...socketsIn(surroundings) });
    return { handle: (call) => answer(call, deadlineIn(deadlineMs, surroundings.clock)), config: on.config };
  },
});
