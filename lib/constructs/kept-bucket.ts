import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { CellSettings } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';

export interface KeptBucketProps {
  readonly key: IKey;
  readonly lock?: CellSettings['archive'];
  /** Why the audit trail does not have who reads and writes it. Absent: it does, see `AuditStack`. */
  readonly unrecorded?: string;
}

/** A bucket that outlives its stack, in which nothing is ever overwritten. */
export class KeptBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { key, lock, unrecorded }: KeptBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(lock && { objectLockEnabled: true, objectLockDefaultRetention: retentionOf(lock) }),
    });
    acknowledge(this.bucket, {
      'AwsSolutions-S1':
        unrecorded ?? 'Who reads and writes it is on record in the audit trail, object by object.',
    });
  }
}

function retentionOf({ mode, days }: CellSettings['archive']): ObjectLockRetention {
  const kept = Duration.days(days);
  return mode === 'COMPLIANCE' ? ObjectLockRetention.compliance(kept) : ObjectLockRetention.governance(kept);
}
