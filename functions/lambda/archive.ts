import { createS3Client } from '../../platform/archive/s3-client.ts';
import { S3Archive } from '../../platform/archive/s3.ts';
import { environmentNames } from '../environment.ts';
import type { Surroundings } from './surroundings.ts';

export function archiveIn({ clock, setting }: Surroundings): S3Archive {
  const bucket = setting(environmentNames.archiveBucket);
  return new S3Archive({ client: createS3Client(), bucket, clock });
}
