import { uuidV5 } from './uuid.ts';

/** Namespaces of ids made from what they must be unique for. Ids are stored for ever: these never change. */
const transfers = '5b0c2a52-3f0e-4b7b-9d6e-0d1f7c6f0a01';
const executions = '5b0c2a52-3f0e-4b7b-9d6e-0d1f7c6f0a02';
const approvals = '5b0c2a52-3f0e-4b7b-9d6e-0d1f7c6f0a03';
const activities = '5b0c2a52-3f0e-4b7b-9d6e-0d1f7c6f0a04';
const breaches = '5b0c2a52-3f0e-4b7b-9d6e-0d1f7c6f0a21';
const legs = '5b0c2a52-3f0e-4b7b-9d6e-0d1f7c6f0a0b';
const webhooks = '5b0c2a52-3f0e-4b7b-9d6e-0d1f7c6f0a31';
const webhookDeliveries = '5b0c2a52-3f0e-4b7b-9d6e-0d1f7c6f0a32';

/** The parts as JSON, so that no two lists of them have one text. */
function idFor(namespace: string, ...parts: readonly (string | number)[]): string {
  return uuidV5(namespace, JSON.stringify(parts));
}

/** The same idempotency key of the same account is the same transfer, for ever. */
export function transferIdOf(accountId: string, idempotencyKey: string): string {
  return idFor(transfers, accountId, idempotencyKey);
}

/** An execution id means one execution of its venue, for ever; with `numbers`, what was said to contradict it. */
export function executionKeyOf(
  venueId: string,
  executionId: string,
  ...numbers: readonly (string | number)[]
): string {
  return idFor(executions, venueId, executionId, ...numbers);
}

/** The same idempotency key of the same person is the same request for approval. */
export function approvalIdOf(requestedBy: string, idempotencyKey: string): string {
  return idFor(approvals, requestedBy, idempotencyKey);
}

/** What happened at one place of the log is one activity, however often it is worked out. */
export function activityIdOf(stream: string, version: number, index: number): string {
  return idFor(activities, stream, version, index);
}

/** The client order id of a leg that comes with an order: the same order has the same legs, for ever. */
export function legNameOf(accountId: string, clientOrderId: string, leg: string): string {
  return idFor(legs, accountId, clientOrderId, leg);
}

/** The same limit crossed on the same occasion is one breach, however often it is worked out. */
export function breachIdOf(accountId: string, ...parts: readonly string[]): string {
  return idFor(breaches, accountId, ...parts);
}

/** The same idempotency key of the same account is the same webhook, for ever. */
export function webhookIdOf(accountId: string, idempotencyKey: string): string {
  return idFor(webhooks, accountId, idempotencyKey);
}

/** One number told to one webhook is one delivery, however often it is tried: by this its receiver knows a repeat. */
export function deliveryIdOf(webhookId: string, number: number): string {
  return idFor(webhookDeliveries, webhookId, number);
}
