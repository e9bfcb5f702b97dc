import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Answered, refused, toResult } from '../api/door/reply.ts';
import type { ApiFunction } from '../api/door/routes.ts';
import { wrap } from '../api/door/wrap.ts';
import type { HttpFunction } from '../manifest.ts';
import { type Invoked, invoked } from './invocation.ts';
import { type Part, stand } from './standing.ts';
import type { Surroundings } from './surroundings.ts';

export type ApiHandler = Invoked<APIGatewayProxyEventV2, Answered>;

/** An HTTP function of the manifest as Lambda calls it. One that cannot be composed answers like one that has no time. */
export function apiFunction(entry: HttpFunction, open: ApiFunction, ...parts: readonly Part[]): ApiHandler {
  return invoked({
    compose: async (surroundings) => {
      const { dependencies, config } = await stand(surroundings, entry.rights, parts);
      return { handle: wrap(entry, open(dependencies), dependencies), config };
    },
    failed: notNow,
  });
}

export function notNow({ random }: Surroundings): Answered {
  const busy = { ...refused('temporarily_unavailable'), headers: { 'retry-after': '1' } };
  return toResult(busy, random.id());
}
