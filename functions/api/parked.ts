import type { Reaching } from '../dependencies.ts';
import { ok, refused } from './door/reply.ts';
import { parameter } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';
import { parkedJson } from './shapes/parked-json.ts';

type Needs = Reaching<'consumers'>;

/** What could not be processed, of every consumer, and trying it once more: see the runbook. */
export const parked: ApiFunction<Needs> = ({ consumers }) => ({
  'GET /v1/parked': operating(async ({ deadline }) =>
    ok(await Promise.all(consumers.all.map(async (one) => parkedJson(one.name, await one.parked(deadline))))),
  ),
  'POST /v1/parked/{consumer}/redrive': operating(async (request) => {
    const consumer = consumers.find(parameter(request, 'consumer'));
    if (!consumer) return refused('consumer_not_found');
    const { restored, parked: left } = await consumer.redrive(request.deadline);
    return ok({ consumer: consumer.name, restored, parked: left });
  }),
});
