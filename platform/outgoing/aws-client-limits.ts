/**
 * What every client of an AWS service is made with: every try of the SDK ends, and there are three at most. What bounds all of them
 * together, and the answer's body, is the signal each call has from `signalFor`. Without the flag the SDK only logs a late answer.
 */
export const awsClientLimits = {
  maxAttempts: 3,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
} as const;
