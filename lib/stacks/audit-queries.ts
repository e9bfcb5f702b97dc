import { Aws, Duration, type Environment, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { auditQueries } from '../audit/queries.ts';
import { type AuditTable, auditTables } from '../audit/tables.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { RequestRecord } from '../constructs/request-record.ts';
import type { CellSettings } from '../settings.ts';
import type { AuditStack } from './audit.ts';
import type { CellStack } from './cell.ts';
import type { DataStack } from './data.ts';

export interface AuditQueriesStackProps {
  readonly env: Environment;
  readonly settings: CellSettings;
  readonly data: DataStack;
  readonly audit: AuditStack;
  readonly cell: CellStack;
}

/** A query that reads more ends: somebody forgot to say of which days. */
const scannedBytesMax = 200_000_000_000;
const resultsKept = Duration.days(30);
/** Before there was any cell. */
const firstDay = '2026/01/01';

/**
 * What an auditor asks questions with: Athena over the archive, the record of requests and the trail, with the queries to begin with, and what
 * brings requests to their record. Nothing in it is kept for itself: it can be thrown away and made again.
 */
export class AuditQueriesStack extends Stack {
  constructor(scope: Construct, id: string, { env, settings, data, audit, cell }: AuditQueriesStackProps) {
    super(scope, id, { env, description: `Ordercell ${settings.cell}: questions of an auditor` });
    const { requests: bucket, key } = audit;
    // The logs are made with their functions.
    this.addStackDependency(cell);
    new RequestRecord(this, 'Requests', {
      settings,
      bucket,
      bucketAs: audit.exportedAs(bucket.bucketArn),
      key,
    });
    const database = `ordercell_${settings.cell.replaceAll('-', '_')}_audit`;
    const made = new CfnDatabase(this, 'Database', {
      catalogId: this.account,
      databaseInput: { name: database, description: `What an auditor of the cell ${settings.cell} goes by` },
    });
    const buckets: Readonly<Record<AuditTable, IBucket>> = {
      commits: data.archive,
      requests: audit.requests,
      trail: audit.trail,
    };
    for (const name of tableNames) {
      const table = this.#table(name, buckets[name], database, settings.cell);
      table.addResourceDependency(made);
    }
    const workGroup = this.#workGroup(settings, audit);
    for (const { name, description, sql } of auditQueries) {
      const query = new CfnNamedQuery(this, `Query-${name}`, {
        name,
        description,
        database,
        queryString: sql,
        workGroup: workGroup.name,
      });
      query.addResourceDependency(workGroup);
    }
  }

  #table(name: AuditTable, { bucketName }: IBucket, databaseName: string, cell: string): CfnTable {
    const { prefix, columns, format } = auditTables[name];
    const location = `s3://${bucketName}/${prefix({ cell, awsAccount: this.account })}`;
    return new CfnTable(this, `Table-${name}`, {
      catalogId: this.account,
      databaseName,
      tableInput: {
        name,
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [{ name: 'day', type: 'string' }],
        parameters: {
          EXTERNAL: 'TRUE',
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy/MM/dd',
          'projection.day.range': `${firstDay},NOW`,
          'projection.day.interval': '1',
          'projection.day.interval.unit': 'DAYS',
          'storage.location.template': `${location}\${day}`,
        },
        storageDescriptor: {
          location,
          inputFormat: format.input,
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: { serializationLibrary: format.reader },
          columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
        },
      },
    });
  }

  #workGroup({ cell }: CellSettings, { key }: AuditStack): CfnWorkGroup {
    const results = new Bucket(this, 'Results', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: resultsKept }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(results, {
      'AwsSolutions-S1':
        'Copies of what is kept elsewhere, gone after a month; who asked what is in the trail.',
    });
    return new CfnWorkGroup(this, 'WorkGroup', {
      name: `ordercell-${cell}-audit`,
      description: `Questions about the cell ${cell}`,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        bytesScannedCutoffPerQuery: scannedBytesMax,
        publishCloudWatchMetricsEnabled: true,
        resultConfiguration: {
          outputLocation: `s3://${results.bucketName}/`,
          expectedBucketOwner: Aws.ACCOUNT_ID,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
        },
      },
    });
  }
}

const tableNames: readonly AuditTable[] = ['commits', 'requests', 'trail'];
