import { evidenceTextMax } from '../../platform/evidence/collect.ts';
import { exportEvidence } from '../../platform/evidence/export.ts';
import type { Door, Reaching } from '../dependencies.ts';
import type { OperatorCaller } from './door/caller.ts';
import { ok, type Reply, refused } from './door/reply.ts';
import { type ApiRequest, parameter } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';
import { findOrder } from './shared/order-lookup.ts';

type Needs = Reaching<'orders'> & Pick<Door, 'keys'>;

/** Why an order came about, and who touched it: everything the log says, in a file that is checked without us. */
export const evidence: ApiFunction<Needs> = (dependencies) => ({
  'GET /v1/orders/{order_id}/evidence': operating((request) => evidenceOf(dependencies, request)),
});

async function evidenceOf(dependencies: Needs, request: ApiRequest<OperatorCaller>): Promise<Reply> {
  const { caller, deadline } = request;
  const found = await findOrder(dependencies, { id: parameter(request, 'order_id') }, deadline);
  if (!found) return refused('order_unknown');
  const { cell, store, keys, clock } = dependencies;
  const { orderId } = found;
  const exported = await exportEvidence(
    { cell, store, keys },
    { orderId, personId: caller.personId, apiKeyId: caller.keyId, at: clock.now() },
    deadline,
  );
  if (exported.outcome === 'exported') return ok(exported.evidence);
  return refused('evidence_too_large', {
    limit: String(evidenceTextMax),
    observed: String(exported.characters),
  });
}
