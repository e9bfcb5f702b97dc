import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { awsClientLimits } from '../outgoing/aws-client-limits.ts';

/** A client whose calls end. An object takes longer than a row of a table: a try may take three seconds. */
export function createS3Client(config: S3ClientConfig = {}): S3Client {
  const requestHandler = { ...awsClientLimits.requestHandler, requestTimeout: 3_000 };
  return new S3Client({ ...awsClientLimits, requestHandler, ...config });
}
