import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ConfigChanged } from '../../domain/config/events.ts';
import { auditQueries } from '../../lib/audit/queries.ts';
import { type AuditTable, auditTables } from '../../lib/audit/tables.ts';
import { manifest } from '../../functions/manifest.ts';
import { objectOf } from '../../platform/archive/commit-objects.ts';
import { fullEnvelope } from '../support/commits.ts';
import { standingCell } from './support/standing-cell.ts';
import { resourcesOf, type Statement } from './support/templates.ts';

type StoredConfigChange = ConfigChanged & { readonly schema: number };

const { auditQueries: stack, audit, data } = standingCell();
const of = (type: string) => resourcesOf(stack, type).map(({ Properties }) => Properties);
const importOf = (exporting: typeof audit | typeof data, value: string) => ({
  'Fn::ImportValue': exporting.exportedAs(value),
});
const tableNamed = (name: string) =>
  of('AWS::Glue::Table').find(({ TableInput }) => TableInput['Name'] === name)?.['TableInput'];

/** The pieces of a joined text, as they stand in it. */
function piecesOf(value: unknown): readonly unknown[] {
  const join: unknown = Object(value)['Fn::Join'];
  return Array.isArray(join) ? join[1] : [value];
}

test('each table lies over the folders of its days, in its bucket', () => {
  const expected = {
    commits: ['s3://', importOf(data, data.archive.bucketName), '/commits/eu-central-1/'],
    requests: ['s3://', importOf(audit, audit.requests.bucketName), '/requests/'],
    trail: [
      's3://',
      importOf(audit, audit.trail.bucketName),
      '/AWSLogs/',
      { Ref: 'AWS::AccountId' },
      '/CloudTrail/eu-central-1/',
    ],
  };
  for (const [name, pieces] of Object.entries(expected)) {
    const table = tableNamed(name);
    expect(piecesOf(table['StorageDescriptor']['Location'])).toEqual(pieces);
    expect(table['PartitionKeys']).toEqual([{ Name: 'day', Type: 'string' }]);
    expect(table['Parameters']).toMatchObject({
      'projection.enabled': 'true',
      'projection.day.type': 'date',
      'projection.day.format': 'yyyy/MM/dd',
    });
    const template = piecesOf(table['Parameters']['storage.location.template']);
    expect(template.slice(0, -1)).toEqual(pieces.slice(0, -1));
    expect(template.at(-1)).toEqual(expect.stringMatching(/\/\$\{day\}$/));
  }
});

test('answers are encrypted and gone after a month, and a question that reads too much ends', () => {
  const [group] = of('AWS::Athena::WorkGroup');
  expect(group).toMatchObject({
    WorkGroupConfiguration: {
      EnforceWorkGroupConfiguration: true,
      BytesScannedCutoffPerQuery: 200_000_000_000,
      ResultConfiguration: {
        EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: importOf(audit, audit.key.keyArn) },
      },
    },
  });
  const [results] = of('AWS::S3::Bucket');
  expect(results).toMatchObject({
    LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
  });
});

test('every query is there, asks for its days, and names tables and columns that there are', () => {
  const made = of('AWS::Athena::NamedQuery');
  expect(made.map(({ Name, QueryString }) => [Name, QueryString])).toEqual(
    auditQueries.map(({ name, sql }) => [name, sql]),
  );
  for (const { sql } of auditQueries) {
    expect(sql).toContain('day BETWEEN ? AND ?');
    const within = [...sql.matchAll(/(\w+) AS \(/g)].map(([, name]) => name);
    const from = [...sql.matchAll(/FROM (\w+)/g)].map(([, name = '']) => name);
    for (const name of from) expect([...Object.keys(auditTables), ...within]).toContain(name);
    if (!sql.includes('FROM trail')) continue;
    const { columns } = auditTables.trail;
    for (const [, column = ''] of sql.matchAll(
      /\b(event\w+|user\w+|source\w+|request\w+|error\w+|readonly)\b/g,
    ))
      expect(Object.keys(columns)).toContain(column);
  }
});

test('what queries take out of a commit is in the lines that the archive keeps', async () => {
  const event: StoredConfigChange = {
    type: 'ConfigChanged',
    schema: 1,
    data: {
      version: 'v2',
      previous: 'v1',
      patch: [],
      origin: 'api',
      by: 'ann',
      reason: 'more business',
      approvalId: 'a1',
    },
  };
  const commit = { ...fullEnvelope(), events: [event] };
  const { stream, version } = commit;
  const { bytes } = await objectOf('cell', [
    { record: {}, change: { change: 'appended', commit: { ...commit, stream, version } } },
  ]);
  const line: unknown = JSON.parse(gunzipSync(bytes).toString('utf8'));
  const paths = auditQueries
    .filter(({ sql }) => sql.includes('FROM commits'))
    .flatMap(({ sql }) => [...sql.matchAll(/json_extract(?:_scalar)?\((line|event), '\$([.\w]+)'\)/g)]);
  expect(paths.length).toBeGreaterThan(20);
  const missing = paths.filter(([, whose, path = '']) => {
    const names = path.slice(1).split('.');
    return (
      names.reduce<unknown>((at, name) => Object(at)[name], whose === 'line' ? line : event) === undefined
    );
  });
  expect(missing.map(([text]) => text)).toEqual([]);
});

test('the tables are those the queries ask', () => {
  const asked = new Set<string>(
    auditQueries.flatMap(({ sql }) =>
      [...sql.matchAll(/FROM (commits|requests|trail)/g)].map(([, name = '']) => name),
    ),
  );
  const tables: readonly AuditTable[] = ['commits', 'requests', 'trail'];
  expect([...asked].toSorted()).toEqual(tables);
});

test('the line of every request that a function answers is brought to its bucket, and nothing else', () => {
  const filters = of('AWS::Logs::SubscriptionFilter');
  const doors = manifest.filter(({ trigger }) => trigger.kind === 'http').map(({ name }) => name);
  expect(filters.map(({ LogGroupName }) => LogGroupName)).toEqual(
    doors.map((name) => `/ordercell/eu-central-1/${name}`),
  );
  expect(new Set(filters.map(({ FilterPattern }) => FilterPattern))).toEqual(
    new Set(['{ $.message = "request" }']),
  );
  const [stream] = of('AWS::KinesisFirehose::DeliveryStream');
  expect(stream['ExtendedS3DestinationConfiguration']).toMatchObject({
    BucketARN: importOf(audit, audit.requests.bucketArn),
    Prefix: 'requests/!{timestamp:yyyy/MM/dd}/',
    ProcessingConfiguration: {
      Processors: [
        { Type: 'Decompression' },
        { Type: 'CloudWatchLogProcessing' },
        { Type: 'AppendDelimiterToRecord' },
      ],
    },
  });
});

test('who brings lines can put them there and do nothing else', () => {
  const policies = of('AWS::IAM::Policy').flatMap(
    ({ PolicyDocument }): readonly Statement[] => PolicyDocument['Statement'],
  );
  const actions = policies.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  expect(actions.filter((action) => /Delete|GetObject|PutBucket/.test(action))).toEqual([]);
});
