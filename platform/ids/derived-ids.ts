import { uuidV5 } from './uuid.ts';

/** Namespaces of ids made from what they must be unique for. Ids are stored for ever: these never change. */
const transfers = '5b0c2a52-3f0e-4b7b-9d6e-0d1f7c6f0a01';
const executions = '5b0c2a52-3f0e-4b7b-9d6e-0d1f7c6f0a02';
const approvals = '5b0c2a52-3f0e-4b7b-9d6e-0d1f7c6f0a03';

/** Pairs as JSON, so that no two of them have one text. */
function idFor(namespace: string, ...parts: readonly string[]): string {
  return uuidV5(namespace, JSON.stringify(parts));
}

/** The same idempotency key of the same account is the same transfer, for ever. */
export function transferIdOf(accountId: string, idempotencyKey: string): string {
  return idFor(transfers, accountId, idempotencyKey);
}

/** An execution id means one execution of its venue, for ever. */
export function executionKeyOf(venueId: string, executionId: string): string {
  return idFor(executions, venueId, executionId);
}

/** The same idempotency key of the same person is the same request for approval. */
export function approvalIdOf(requestedBy: string, idempotencyKey: string): string {
  return idFor(approvals, requestedBy, idempotencyKey);
}
