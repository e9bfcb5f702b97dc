/** Others kept applying the same streams until our attempts ran out. Safe to deliver again. */
export class ConsumerContended extends Error {
  override readonly name = 'ConsumerContended';
  readonly retryable = true;
}

/** Whether the same call may well succeed later. Anything else will fail the same way every time, so it is parked. */
export function isRetryable(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}
