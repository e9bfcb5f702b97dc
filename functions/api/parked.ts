import { formatTimestamp } from '../../domain/values/time.ts';
import type { Attended } from '../../platform/consumer/attended.ts';
import type { Deadline } from '../../platform/deadline/deadline.ts';
import type { Dependencies } from '../dependencies.ts';
import { ok, refused } from './door/reply.ts';
import { parameter } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';

/** Entries shown of one consumer, the oldest first; the count is of all of them. */
const shownMax = 100;

/** What could not be processed, of every consumer, and trying it once more: see the runbook. */
export const parked: ApiFunction = ({ consumers }: Dependencies) => ({
  'GET /v1/parked': operating(async ({ deadline }) =>
    ok(await Promise.all(consumers.all.map((one) => parkedJson(one, deadline)))),
  ),
  'POST /v1/parked/{consumer}/redrive': operating(async (request) => {
    const consumer = consumers.find(parameter(request, 'consumer'));
    if (!consumer) return refused('consumer_not_found');
    const { restored, parked: left } = await consumer.redrive(request.deadline);
    return ok({ consumer: consumer.name, restored, parked: left });
  }),
});

async function parkedJson(consumer: Attended, deadline: Deadline): Promise<unknown> {
  const entries = await consumer.parked(deadline);
  const shown = entries.toSorted((a, b) => a.at - b.at).slice(0, shownMax);
  return {
    consumer: consumer.name,
    parked: entries.length,
    entries: shown.map(({ stream, version, error, at }) => ({
      stream,
      version,
      error,
      at: formatTimestamp(at),
    })),
  };
}
