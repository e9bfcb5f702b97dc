import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { tableNameOf } from '../../functions/environment.ts';
import type { TableName } from '../../functions/manifest.ts';
import { rewriting } from './append-only.ts';

export interface KeptTableProps {
  readonly cell: string;
  readonly name: TableName;
  readonly key: IKey;
  readonly partition: Attribute;
  readonly sort: Attribute;
  readonly indexes?: readonly { readonly name: string; readonly partition: string; readonly sort: string }[];
  /** What its change feed tells of each change. Absent: it has none. */
  readonly feed?: keyof typeof StreamViewType;
  /** Its items are never changed: the table itself refuses rewriting, whoever asks. */
  readonly appendOnly?: boolean;
}

/** A table that outlives its stack, can be brought back to any second of the last 35 days, and is paid by use. */
export class KeptTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: KeptTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      tableName: tableNameOf(props.cell, props.name),
      partitionKey: props.partition,
      sortKey: props.sort,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(props.feed && { stream: StreamViewType[props.feed] }),
      ...(props.appendOnly && { resourcePolicy: neverRewritten() }),
    });
    for (const { name, partition, sort } of props.indexes ?? []) {
      this.table.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: { name: partition, type: AttributeType.STRING },
        sortKey: { name: sort, type: AttributeType.STRING },
        projectionType: ProjectionType.ALL,
      });
    }
  }
}

/** In a table's own policy `*` is this table. */
function neverRewritten(): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'NeverRewritten',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [...rewriting],
        resources: ['*'],
      }),
    ],
  });
}
