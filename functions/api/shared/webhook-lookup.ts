import type { Webhook } from '../../../domain/webhook/state.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { TradingCaller } from '../door/caller.ts';
import { type ApiRequest, parameter } from '../door/request.ts';

/** Ids are UUIDs; what is none is nobody's, and no stream is read for it. */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The webhook a request names; undefined when there is none, or it is another account's: which of them is not told. */
export async function ownWebhook(
  { webhooks }: Pick<Dependencies, 'webhooks'>,
  request: ApiRequest<TradingCaller>,
): Promise<Webhook | undefined> {
  const webhookId = parameter(request, 'webhook_id');
  if (!uuid.test(webhookId)) return undefined;
  const found = await webhooks.subscriptions.find(webhookId, request.deadline);
  return found?.accountId === request.caller.accountId ? found : undefined;
}
