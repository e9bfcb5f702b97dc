/**
 * What AWS gives a new account in one region, as its pages on quotas had it in November 2026. Adjustable ones are raised on request;
 * the others bound what one cell, one account or one instrument can do.
 */
export const quotas = {
  'us-east-1': { putEvents: 10_000, invocations: 18_750 },
  'eu-central-1': { putEvents: 2_400, invocations: 4_500 },
} as const;

export type QuotaRegion = keyof typeof quotas;

export const everywhere = {
  /** API Gateway, requests a second of all APIs of a region. Adjustable. */
  apiRequests: 10_000,
  /** Lambda, calls at the same time. Adjustable. */
  concurrency: 1_000,
  /** Lambda, by how much one function grows in ten seconds. Not adjustable. */
  concurrencyStep: 1_000,
  /** DynamoDB, write units a second of one table on demand. Adjustable. */
  tableWriteUnits: 40_000,
  /** DynamoDB, write units a second of one partition key. Not adjustable. */
  keyWriteUnits: 1_000,
} as const;
