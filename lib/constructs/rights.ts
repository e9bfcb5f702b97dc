import { Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { FunctionEntry, Rights, TableName } from '../../functions/manifest.ts';
import { archivePrefix } from '../../platform/archive/names.ts';
import { armedIndex, openIndex, timedIndex } from '../../platform/views/tables.ts';
import { removing, rewriting } from './append-only.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import { allow } from './allow.ts';
import type { CellContext } from './cell-context.ts';

const reading = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] as const;

/** Of a transaction, IAM asks for the rights of each of its parts. */
const writing: Readonly<Record<TableName, readonly string[]>> = {
  log: ['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'],
  items: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
  views: [
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:ConditionCheckItem',
    'dynamodb:BatchWriteItem',
  ],
};

/** What the manifest says a function may, and nothing else. */
export function statementsOf(
  { rights, trigger }: FunctionEntry,
  context: CellContext,
): readonly PolicyStatement[] {
  // Lambda reads a feed in the name of the function it wakes.
  const readsFeed = rights.feed !== undefined || trigger.kind === 'feed' || trigger.kind === 'account-feed';
  const { data, bus, hotConfig } = context;
  const tables = [
    ...tableStatements('log', rights, data.log),
    ...tableStatements('items', rights, data.items),
    ...tableStatements('views', rights, data.views),
  ];
  return [
    neverRewriting(data.log),
    ...tables,
    ...(tables.length > 0 || readsFeed ? [keyStatement(context)] : []),
    ...(tables.length > 0 ? [hotConfig.readStatement()] : []),
    ...(rights.bus
      ? [allow('Publish', ['events:PutEvents', 'events:DescribeEventBus'], [bus.eventBusArn])]
      : []),
    ...(rights.heads ? [allow('ReadHeads', ['dynamodb:Scan'], [data.log.tableArn])] : []),
    ...(rights.feed ? feedStatements(data.log) : []),
    ...(rights.masterSecret ? secretStatements(rights.masterSecret, context) : []),
    ...(rights.archive ? archiveStatements(rights.archive, context) : []),
    ...(rights.sockets ? [context.streamDoor.may(rights.sockets)] : []),
  ];
}

/** Reading a table's change feed, as the relay's mapping and the sweep do. */
export function feedStatements(table: ITable, whose = ''): readonly PolicyStatement[] {
  const { tableStreamArn } = table;
  if (tableStreamArn === undefined) throw new Error(`${table.node.path} has no change feed`);
  return [
    allow(
      `Read${whose}Feed`,
      ['dynamodb:DescribeStream', 'dynamodb:GetShardIterator', 'dynamodb:GetRecords'],
      [tableStreamArn],
    ),
    allow(`Find${whose}Feed`, ['dynamodb:DescribeTable'], [table.tableArn]),
  ];
}

/** Stands in every role, also of functions that have no other right on the log: what is added later cannot give it by mistake. */
function neverRewriting(log: ITable): PolicyStatement {
  return new PolicyStatement({
    sid: 'NeverRewriteTheLog',
    effect: Effect.DENY,
    actions: [...rewriting, ...removing],
    resources: [log.tableArn],
  });
}

function tableStatements(name: TableName, rights: Rights, table: ITable): readonly PolicyStatement[] {
  const right = rights[name];
  if (right === undefined) return [];
  // Lists of the views are gone through by a scan where they are built again or looked at as a whole.
  const read = name === 'views' ? [...reading, 'dynamodb:Scan'] : reading;
  const actions = right === 'write' ? [...read, ...writing[name]] : read;
  const indexes = name === 'views' ? [openIndex, timedIndex, armedIndex] : [];
  const resources = [table.tableArn, ...indexes.map((index) => `${table.tableArn}/index/${index.name}`)];
  return [allow(`${right === 'write' ? 'Write' : 'Read'}${name}`, actions, resources)];
}

/** Only through DynamoDB and Lambda's reading of the feed: nobody decrypts with it for themselves. */
function keyStatement({ data }: CellContext): PolicyStatement {
  const { region } = Stack.of(data);
  return new PolicyStatement({
    sid: 'UseTheKeyThroughDynamoDb',
    actions: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
    resources: [data.key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` } },
  });
}

const secretUses: Readonly<
  Record<NonNullable<Rights['masterSecret']>, Readonly<Record<'actions' | 'key', readonly string[]>>>
> = {
  derive: { actions: ['secretsmanager:GetSecretValue'], key: ['kms:Decrypt'] },
  rotate: {
    actions: [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    // What is put is encrypted by the service in the caller's name.
    key: ['kms:Decrypt', 'kms:GenerateDataKey'],
  },
};

function secretStatements(
  right: NonNullable<Rights['masterSecret']>,
  { data }: CellContext,
): readonly PolicyStatement[] {
  const { region } = Stack.of(data);
  const { actions, key } = secretUses[right];
  return [
    allow(right === 'rotate' ? 'RotateMasterSecret' : 'ReadMasterSecret', actions, [
      data.masterSecret.secretArn,
    ]),
    new PolicyStatement({
      sid: right === 'rotate' ? 'UseTheKeyForMasterSecret' : 'DecryptMasterSecret',
      actions: [...key],
      resources: [data.key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
    }),
  ];
}

/**
 * Objects under one prefix, each only where there is none: a put that does not ask for that is refused. Of what is there only roots are read,
 * each to name the one before.
 */
function archiveStatements(
  right: NonNullable<Rights['archive']>,
  context: CellContext,
): readonly PolicyStatement[] {
  const { archive, key } = context.data;
  const objects = archive.arnForObjects(archived(right, context));
  const { region } = Stack.of(context.data);
  return [
    new PolicyStatement({
      sid: 'AddToTheArchive',
      actions: ['s3:PutObject'],
      resources: [objects],
      conditions: { Null: { 's3:if-none-match': 'false' } },
    }),
    new PolicyStatement({
      sid: 'EncryptWhatIsArchived',
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
    }),
    ...(right === 'roots'
      ? [
          allow('ReadRoots', ['s3:GetObject'], [objects]),
          // Without it what is not there is answered like what is forbidden.
          allow('SeeWhatIsNotThere', ['s3:ListBucket'], [archive.bucketArn]),
        ]
      : []),
  ];
}

function archived(right: NonNullable<Rights['archive']>, { settings }: CellContext): string {
  return `${archivePrefix(right, settings.cell)}*`;
}

export function acknowledgeArchive(
  role: IConstruct,
  right: NonNullable<Rights['archive']>,
  context: CellContext,
): void {
  const { data } = context;
  acknowledgeWildcard(
    role,
    `${data.exportedAs(data.archive.bucketArn)}/${archived(right, context)}`,
    'Objects are named by what is in them, or counted.',
  );
}
