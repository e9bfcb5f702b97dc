import { redeliver } from '../../platform/webhooks/redelivery.ts';
import type { Reaching } from '../dependencies.ts';
import { parse } from './door/fields.ts';
import { ok, refused } from './door/reply.ts';
import { parameter, query } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';
import { deliveriesQuery, deliveryJson, deliveryNumber } from './shapes/webhook-json.ts';
import { ownWebhook } from './shared/webhook-lookup.ts';

type Needs = Reaching<'accountFeed' | 'webhooks'>;

/** What became of what a webhook was told, and telling it once more. */
export const webhookDeliveries: ApiFunction<Needs> = (dependencies) => ({
  'GET /v2/webhooks/{webhook_id}/deliveries': trading(async (request) => {
    const parsed = parse(deliveriesQuery, query(request));
    if ('refusal' in parsed) return parsed.refusal;
    const found = await ownWebhook(dependencies, request);
    if (!found) return refused('webhook_not_found');
    const { status, before, limit } = parsed.value;
    const asked = { limit, ...(status && { status }), ...(before !== undefined && { before }) };
    const { deliveries } = dependencies.webhooks;
    return ok((await deliveries.records(found.webhookId, asked, request.deadline)).map(deliveryJson));
  }),
  'POST /v2/webhooks/{webhook_id}/deliveries/{number}/redeliver': trading(async (request) => {
    const found = await ownWebhook(dependencies, request);
    if (!found) return refused('webhook_not_found');
    const number = deliveryNumber.safeParse(parameter(request, 'number'));
    if (!number.success) return refused('delivery_not_found');
    const asked = await redeliver(dependencies, found, number.data, request.deadline);
    if (asked === 'unknown') return refused('delivery_not_found');
    if (asked === 'full')
      return refused('rate_limited', { hint: 'As many deliveries wait to be made once more as may.' });
    return { status: 202, body: deliveryJson(asked) };
  }),
});
