import { expect, test } from 'vitest';
import { type FunctionEntry, manifest } from '../../functions/manifest.ts';
import { standingCell } from './support/standing-cell.ts';
import { listed, resourcesOf, rightsOf, type Statement } from './support/templates.ts';

const stacks = standingCell();
const entries: readonly FunctionEntry[] = manifest;

const policies = rightsOf(stacks.cell);
const idOf = ({ name }: FunctionEntry) => name.replaceAll('-', '');
const statementsOf = (entry: FunctionEntry) =>
  policies.find(({ role }) => role.startsWith(`${idOf(entry)}Role`))?.statements ?? [];
const isOn = ({ Resource }: Statement, what: string | RegExp) =>
  new RegExp(what).test(JSON.stringify(Resource));
const allowed = (entry: FunctionEntry, what: string | RegExp) =>
  statementsOf(entry)
    .filter((statement) => statement.Effect === 'Allow' && isOn(statement, what))
    .flatMap(({ Action }) => listed(Action));

test('every function has a role of its own, with rights that are written out', () => {
  for (const entry of entries)
    expect([entry.name, statementsOf(entry).length > 1]).toEqual([entry.name, true]);
});

test('no role may do everything of anything: no action has a star', () => {
  const actions = policies.flatMap(({ statements }) => statements.flatMap(({ Action }) => listed(Action)));
  expect(actions.filter((action) => action.includes('*'))).toEqual([]);
});

test('a star for all resources is only where the service knows none: in X-Ray, and to list change feeds', () => {
  const everywhere = policies
    .flatMap(({ statements }) => statements)
    .filter((statement) => listed(statement.Resource).some((resource) => resource === '*'));
  const actions = new Set(everywhere.flatMap(({ Action }) => listed(Action)));
  expect([...actions].toSorted()).toEqual([
    'dynamodb:ListStreams',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ]);
});

test('every role is denied to rewrite the log, also where it has no right on it', () => {
  for (const entry of entries) {
    const denied = statementsOf(entry).filter(({ Effect }) => Effect === 'Deny');
    expect(denied).toHaveLength(1);
    expect(denied.every((statement) => isOn(statement, 'LogTable'))).toBe(true);
    expect(denied.flatMap(({ Action }) => listed(Action))).toEqual(
      expect.arrayContaining([
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:PartiQLInsert',
        'dynamodb:PartiQLUpdate',
        'dynamodb:PartiQLDelete',
        'dynamodb:UpdateTimeToLive',
        'dynamodb:DeleteTable',
      ]),
    );
  }
});

test('nobody but who declares it writes a table, and only who reads or writes it reads it', () => {
  const tables = [
    ['log', 'LogTable'],
    ['items', 'ItemsTable'],
    ['views', 'ViewsTable'],
  ] as const;
  for (const entry of entries) {
    for (const [name, table] of tables) {
      const actions = allowed(entry, table);
      const right = entry.rights[name];
      expect([entry.name, name, actions.includes('dynamodb:PutItem')]).toEqual([
        entry.name,
        name,
        right === 'write',
      ]);
      expect([entry.name, name, actions.includes('dynamodb:GetItem')]).toEqual([
        entry.name,
        name,
        right !== undefined,
      ]);
    }
  }
});

test('who reads a table or a change feed may have it decrypted, through DynamoDB alone', () => {
  const tables = /LogTable|ItemsTable|ViewsTable/;
  for (const entry of entries) {
    const reads = allowed(entry, tables).some((action) => /GetItem|GetRecords/.test(action));
    const decrypts = statementsOf(entry).filter(
      ({ Action, Condition }) =>
        listed(Action).includes('kms:Decrypt') &&
        /"kms:ViaService":"dynamodb\./.test(JSON.stringify(Condition)),
    );
    expect([entry.name, decrypts.length]).toEqual([entry.name, reads ? 1 : 0]);
  }
});

test('nobody is even allowed to update or delete in the log', () => {
  const actions = new Set(entries.flatMap((entry) => allowed(entry, 'LogTable')));
  for (const action of ['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate']) {
    expect(actions.has(`dynamodb:${action}`)).toBe(false);
  }
});

test.each([
  ['publishes', 'events:PutEvents', 'Bus', ({ rights }: FunctionEntry) => rights.bus !== undefined],
  [
    'goes through the log',
    'dynamodb:Scan',
    'LogTable',
    ({ rights }: FunctionEntry) => rights.heads !== undefined,
  ],
  [
    'reads the change feed of the log',
    'dynamodb:GetRecords',
    /LogTable\w+StreamArn/,
    ({ rights, trigger }: FunctionEntry) => rights.feed !== undefined || trigger.kind === 'feed',
  ],
  [
    'reads the change feed of the views',
    'dynamodb:GetRecords',
    /ViewsTable\w+StreamArn/,
    ({ trigger }: FunctionEntry) => trigger.kind === 'account-feed',
  ],
  [
    'says something to clients',
    'execute-api:ManageConnections',
    /\/POST\/@connections/,
    ({ rights }: FunctionEntry) => rights.sockets === 'manage',
  ],
  [
    'asks whether clients are there',
    'execute-api:ManageConnections',
    /\/GET\/@connections/,
    ({ rights }: FunctionEntry) => rights.sockets === 'find',
  ],
  [
    'reads the master secret',
    'secretsmanager:GetSecretValue',
    'MasterSecret',
    ({ rights }: FunctionEntry) => rights.masterSecret !== undefined,
  ],
  [
    'changes the master secret',
    'secretsmanager:UpdateSecretVersionStage',
    'MasterSecret',
    ({ rights }: FunctionEntry) => rights.masterSecret === 'rotate',
  ],
  [
    'adds to the archive',
    's3:PutObject',
    'ArchiveBucket',
    ({ rights }: FunctionEntry) => rights.archive !== undefined,
  ],
  [
    'reads in the archive',
    's3:GetObject',
    'ArchiveBucket',
    ({ rights }: FunctionEntry) => rights.archive === 'roots',
  ],
])('only who declares it %s', (_what, action, resource, declares) => {
  const may = entries.filter((entry) => allowed(entry, resource).includes(action));
  expect(may.map(({ name }) => name)).toEqual(entries.filter(declares).map(({ name }) => name));
  expect(may.length).toBeGreaterThan(0);
});

test('who reconciles by the clock reads log and items, and has no other right on anything that is kept', () => {
  const [entry] = entries.filter(({ name }) => name === 'reconcile');
  const of = (what: RegExp) => (entry ? allowed(entry, what) : []).toSorted();
  const reading = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
  expect(of(/LogTable/)).toEqual([...reading, 'dynamodb:Scan'].toSorted());
  expect(of(/ItemsTable/)).toEqual(reading);
  expect(of(/ViewsTable|ArchiveBucket|MasterSecret|Bus|TableStreamArn/)).toEqual([]);
});

test('each who adds to the archive does so under a prefix of its own, and only where there is nothing', () => {
  const adding = policies
    .flatMap(({ statements }) => statements)
    .filter(({ Sid }) => Sid === 'AddToTheArchive');
  expect(adding.map(({ Condition }) => Condition)).toEqual([
    { Null: { 's3:if-none-match': 'false' } },
    { Null: { 's3:if-none-match': 'false' } },
  ]);
  const prefixes = adding.map(
    ({ Resource }) => /\/(\w+)\/eu-central-1\/\*"/.exec(JSON.stringify(Resource))?.[1],
  );
  expect(new Set(prefixes)).toEqual(new Set(['commits', 'roots']));
});

test('nobody of the cell deletes in a bucket, or changes how long it is kept', () => {
  const actions = policies.flatMap(({ statements }) => statements.flatMap(({ Action }) => listed(Action)));
  const onBuckets = new Set(actions.filter((action) => action.startsWith('s3:')));
  expect([...onBuckets].toSorted()).toEqual(['s3:GetObject', 's3:ListBucket', 's3:PutObject']);
});

test('the key decrypts only through the service that keeps the data', () => {
  const used = policies
    .flatMap(({ statements }) => statements)
    .filter(({ Action }) => listed(Action).some((action) => action.startsWith('kms:')));
  expect(used.length).toBeGreaterThan(entries.length / 2);
  for (const { Condition } of used) expect(JSON.stringify(Condition)).toContain('"kms:ViaService"');
});

test('what stands in no template: a value that has to be hidden', () => {
  for (const stack of Object.values(stacks)) {
    const text = JSON.stringify(resourcesOf(stack));
    // A dynamic reference would put the value into what CloudFormation shows of a function.
    expect(text).not.toMatch(/resolve:secretsmanager|resolve:ssm-secure|SecretString"\s*:\s*"/);
    expect(text).not.toMatch(/AKIA[0-9A-Z]{16}|-----BEGIN|"(?:password|secret|token)":"[^"]+"/i);
  }
  const [secret] = resourcesOf(stacks.data, 'AWS::SecretsManager::Secret');
  expect(secret?.Properties['GenerateSecretString']).toEqual({
    PasswordLength: 64,
    ExcludePunctuation: true,
  });
});

test('the trail tells of every call on the log, the accounts and the archive, and cannot be altered unseen', () => {
  const [trail] = resourcesOf(stacks.audit, 'AWS::CloudTrail::Trail');
  expect(trail?.Properties).toMatchObject({ IsLogging: true, EnableLogFileValidation: true });
  const selectors = JSON.stringify(trail?.Properties['AdvancedEventSelectors']);
  for (const what of ['LogTable', 'ItemsTable', 'ArchiveBucket', 'Management'])
    expect(selectors).toContain(what);
  // A selector for reads or writes only would hide who looked.
  expect(selectors).not.toContain('readOnly');
  const [bucket] = resourcesOf(stacks.audit, 'AWS::S3::Bucket');
  expect(bucket?.DeletionPolicy).toBe('Retain');
  expect(bucket?.Properties['ObjectLockConfiguration'].Rule.DefaultRetention).toEqual({
    Mode: 'COMPLIANCE',
    Days: 2557,
  });
});
