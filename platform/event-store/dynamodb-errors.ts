import { IdempotentParameterMismatchException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { CorruptCommit, StoreRejected, StoreUnavailable } from './errors.ts';

const transientReasons = new Set([
  'TransactionConflict',
  'ProvisionedThroughputExceeded',
  'ThrottlingError',
  'RequestLimitExceeded',
  'InternalServerError',
]);

const transientErrors = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'ThrottlingError',
  'InternalServerError',
  'ServiceUnavailable',
]);

/**
 * DynamoDB says that the token was used for other content. Ours never is, so it is mistaken: DynamoDB Local is, at random, for
 * identical transactions (aws/aws-sdk#413). The same content under a new token is safe, because the log's own condition
 * recognises what the old one did.
 */
export function isTokenDisowned(error: unknown): boolean {
  return error instanceof IdempotentParameterMismatchException;
}

/** Whether the same call with the same content and token may well succeed a little later. */
export function isTransient(error: unknown): boolean {
  if (error instanceof TransactionCanceledException) {
    return error.CancellationReasons?.some(({ Code }) => transientReasons.has(Code ?? '')) ?? false;
  }
  return isTokenDisowned(error) || (error instanceof Error && transientErrors.has(error.name));
}

/** The error in our words. What the service refused with 4xx stays refused; what was not answered may have happened. */
export function translated(error: unknown, attempts: number): Error {
  if (error instanceof CorruptCommit || error instanceof StoreUnavailable) return error;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (!isTransient(error) && isRefusedByService(error)) return new StoreRejected(what, { cause: error });
  return new StoreUnavailable(`no outcome after ${attempts} attempts: ${what}`, { cause: error });
}

function isRefusedByService(error: unknown): boolean {
  return error instanceof Error && '$fault' in error && error.$fault === 'client';
}
