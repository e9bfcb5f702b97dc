/**
 * List prices in USD of us-east-1, beyond any free tier and before any discount, as read in November 2026. Another region is its list
 * beside this one. Where a page could not be read again, the price is the one this project's notes of that month had.
 */
export const prices = {
  region: 'us-east-1',
  /** HTTP API, first 300 million requests of a month. aws.amazon.com/api-gateway/pricing */
  httpApiRequest: 1.0 / 1e6,
  /** aws.amazon.com/lambda/pricing */
  lambdaCall: 0.2 / 1e6,
  /** arm64. aws.amazon.com/lambda/pricing */
  lambdaGbSecond: 0.0000133334,
  /** On demand. A transaction's items count double. aws.amazon.com/dynamodb/pricing/on-demand */
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  /** Custom events, each 64 KB of one. Delivery to a queue of the same account is free. aws.amazon.com/eventbridge/pricing */
  busEntry: 1.0 / 1e6,
  /** Standard queues: sending, receiving and deleting are a request each, of up to ten messages. aws.amazon.com/sqs/pricing */
  queueRequest: 0.4 / 1e6,
  /** 0.10 for 100,000. aws.amazon.com/cloudtrail/pricing */
  trailDataEvent: 0.1 / 1e5,
  /** 0.03 for 10,000. aws.amazon.com/kms/pricing */
  kmsRequest: 0.03 / 1e4,
  /** Taken in. aws.amazon.com/cloudwatch/pricing */
  logGigabyte: 0.5,
  /** aws.amazon.com/xray/pricing */
  trace: 5.0 / 1e6,
  /** 0.005 for 1,000 puts. aws.amazon.com/s3/pricing */
  objectPut: 0.005 / 1e3,
  /** aws.amazon.com/s3/pricing */
  objectGigabyteMonth: 0.023,
  /** aws.amazon.com/dynamodb/pricing/on-demand */
  tableGigabyteMonth: 0.25,
} as const;
