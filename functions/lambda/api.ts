import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Answered, refused, toResult } from '../api/door/reply.ts';
import type { ApiFunction } from '../api/door/routes.ts';
import { wrap } from '../api/door/wrap.ts';
import { doorOf } from '../compose-ground.ts';
import type { Door, Reach } from '../dependencies.ts';
import type { HttpFunction } from '../manifest.ts';
import { type Invoked, invoked } from './invocation.ts';
import { type Reached, stand } from './standing.ts';
import type { Surroundings } from './surroundings.ts';

export type ApiHandler = Invoked<APIGatewayProxyEventV2, Answered>;

/** An HTTP function of the manifest as Lambda calls it. One that cannot be composed answers like one that has no time. */
export function apiFunction<Names extends keyof Reach = never>(
  entry: HttpFunction,
  open: ApiFunction<Door & Pick<Reach, Names>>,
  reached: Reached<Names>,
): ApiHandler {
  return invoked({
    compose: async (surroundings) => {
      const on = await stand(surroundings, entry.rights);
      const door = doorOf(on);
      const dependencies = { ...door, ...(await reached(on)) };
      return { handle: wrap(entry, open(dependencies), door), config: on.config };
    },
    failed: notNow,
  });
}

/** What a function reaches that needs no more than the ground. */
export const nothingMore: Reached<never> = () => ({});

export function notNow({ random }: Surroundings): Answered {
  const busy = { ...refused('temporarily_unavailable'), headers: { 'retry-after': '1' } };
  return toResult(busy, random.id());
}
