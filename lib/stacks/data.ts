import { type Environment, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, type ITable, type Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { itemKey, logKey, logStreamView } from '../../platform/event-store/tables.ts';
import { armedIndex, openIndex, timedIndex, viewsKey, viewsStreamView } from '../../platform/views/tables.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { KeptBucket } from '../constructs/kept-bucket.ts';
import { KeptTable } from '../constructs/kept-table.ts';
import type { CellSettings } from '../settings.ts';

export interface DataStackProps {
  readonly env: Environment;
  readonly settings: CellSettings;
}

const text = AttributeType.STRING;

/**
 * What outlives everything: nothing here knows a function, so no change of code changes it, and deleting the stack deletes none of it.
 * Tables have names of their own: a cell that is made again must find its data or fail, never begin with empty tables.
 */
export class DataStack extends Stack {
  readonly key: IKey;
  readonly log: ITable;
  readonly items: ITable;
  readonly views: ITable;
  /** For what is kept beyond the log: commits and roots, under Object Lock. */
  readonly archive: IBucket;
  /** Records of the change feed that the relay was not able to take, as they came. */
  readonly undelivered: IBucket;
  /** From whose keys the secrets of webhooks are derived. */
  readonly masterSecret: ISecret;

  constructor(scope: Construct, id: string, { env, settings }: DataStackProps) {
    super(scope, id, { env, terminationProtection: true, description: `Ordercell ${settings.cell}: data` });
    const key = new Key(this, 'Key', {
      description: `What the cell ${settings.cell} keeps is encrypted with it`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const kept = { cell: settings.cell, key };
    const log = new KeptTable(this, 'Log', {
      ...kept,
      name: 'log',
      partition: { name: logKey.partition, type: text },
      sort: { name: logKey.sort, type: AttributeType.NUMBER },
      feed: logStreamView,
      appendOnly: true,
    });
    const items = new KeptTable(this, 'Items', {
      ...kept,
      name: 'items',
      partition: { name: itemKey.partition, type: text },
      sort: { name: itemKey.sort, type: text },
    });
    const views = new KeptTable(this, 'Views', {
      ...kept,
      name: 'views',
      partition: { name: viewsKey.partition, type: text },
      sort: { name: viewsKey.sort, type: text },
      indexes: [openIndex, timedIndex, armedIndex],
      feed: viewsStreamView,
    });
    this.key = key;
    this.log = log.table;
    this.items = items.table;
    this.views = views.table;
    this.archive = new KeptBucket(this, 'Archive', { key, lock: settings.archive }).bucket;
    this.undelivered = new KeptBucket(this, 'Undelivered', { key }).bucket;
    this.masterSecret = this.#secret(key);
    this.#say([log.table, items.table, views.table]);
  }

  /** The name under which another stack's template has a value of this one. */
  exportedAs(value: string): string {
    return this.resolve(this.exportValue(value))['Fn::ImportValue'];
  }

  /** Begins with one key made by the service and never shown: 64 letters and digits. */
  #secret(encryptionKey: IKey): ISecret {
    const secret = new Secret(this, 'MasterSecret', {
      description: 'Other secrets are derived from it',
      encryptionKey,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(secret, {
      'AwsSolutions-SMG4':
        'Its schedule knows a function, so it stands in a stack of its own: SecretRotation.',
    });
    return secret;
  }

  /**
   * Everything another stack may ask for is exported from the first day. CDK would export what is used, and then a change of code that
   * uses one more would change this stack.
   */
  #say(tables: readonly Table[]): void {
    this.exportValue(this.key.keyArn);
    this.exportValue(this.masterSecret.secretArn);
    for (const table of tables) {
      this.exportValue(table.tableArn);
      this.exportValue(table.tableName);
    }
    for (const { tableStreamArn } of [this.log, this.views]) this.exportValue(tableStreamArn);
    for (const bucket of [this.archive, this.undelivered]) {
      this.exportValue(bucket.bucketArn);
      this.exportValue(bucket.bucketName);
    }
  }
}
