import { expect, test } from 'vitest';

import { logStreamView } from '../../platform/event-store/tables.ts';
import { viewsStreamView } from '../../platform/views/tables.ts';
import { standingCell } from './support/standing-cell.ts';
import { resourcesOf } from './support/templates.ts';

const { data } = standingCell();
const tables = resourcesOf(data, 'AWS::DynamoDB::Table');
const log = tables.find(({ Properties }) => Properties['TableName'] === 'ordercell-eu-central-1-log');

test('everything that is kept outlives its stack, and the stack is not deleted by accident', () => {
  expect(tables).toHaveLength(3);
  const kept = resourcesOf(data).filter(({ Type }) => !Type.endsWith('Policy'));
  expect(
    kept.filter((one) => one.DeletionPolicy !== 'Retain' || one.UpdateReplacePolicy !== 'Retain'),
  ).toEqual([]);
  expect(data.terminationProtection).toBe(true);
});

test('each table is protected from deletion, can be brought back to any second, and is encrypted with our key', () => {
  for (const { Properties } of tables) {
    expect(Properties).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      BillingMode: 'PAY_PER_REQUEST',
    });
  }
  const keys = resourcesOf(data, 'AWS::KMS::Key');
  expect(keys.map(({ Properties }) => Properties['EnableKeyRotation'])).toEqual([true]);
});

test('the log tells of every change with what was there before, the views only which of their items changed', () => {
  const feeds = tables.map(({ Properties }) => Properties['StreamSpecification']?.StreamViewType);
  expect(feeds).toEqual([logStreamView, undefined, viewsStreamView]);
});

test('the log refuses to be rewritten, whoever asks', () => {
  expect(log?.Properties['ResourcePolicy'].PolicyDocument.Statement).toEqual([
    {
      Sid: 'NeverRewritten',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: [
        'dynamodb:BatchWriteItem',
        'dynamodb:DeleteItem',
        'dynamodb:PartiQLDelete',
        'dynamodb:PartiQLInsert',
        'dynamodb:PartiQLUpdate',
        'dynamodb:UpdateItem',
      ],
      Resource: '*',
    },
  ]);
});

test('nothing is deleted by its age', () => {
  expect(tables.filter(({ Properties }) => 'TimeToLiveSpecification' in Properties)).toEqual([]);
  const buckets = resourcesOf(data, 'AWS::S3::Bucket');
  expect(buckets.filter(({ Properties }) => 'LifecycleConfiguration' in Properties)).toEqual([]);
});

test('what is in the archive cannot be deleted before its time', () => {
  const locks = resourcesOf(data, 'AWS::S3::Bucket').map(
    ({ Properties }) => Properties['ObjectLockConfiguration'],
  );
  const lock = {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2557 } },
  };
  expect(locks).toEqual([lock, undefined]);
});

test('no bucket is public, and none is spoken to in clear', () => {
  for (const { Properties } of resourcesOf(data, 'AWS::S3::Bucket')) {
    expect(Object.values(Properties['PublicAccessBlockConfiguration'])).toEqual([true, true, true, true]);
    expect(Properties['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
  }
  const policies = resourcesOf(data, 'AWS::S3::BucketPolicy');
  expect(policies).toHaveLength(resourcesOf(data, 'AWS::S3::Bucket').length);
  for (const { Properties } of policies) {
    expect(Properties['PolicyDocument'].Statement[0]).toMatchObject({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  }
});
