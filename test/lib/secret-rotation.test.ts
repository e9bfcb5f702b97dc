import { expect, test } from 'vitest';
import { type FunctionEntry, manifest } from '../../functions/manifest.ts';
import { standingCell } from './support/standing-cell.ts';
import { listed, resourcesOf, rightsOf, type Statement } from './support/templates.ts';

const { cell, data, secretRotation } = standingCell();
const entries: readonly FunctionEntry[] = manifest;
const rotator = 'rotatemastersecret';

const statements = rightsOf(cell).flatMap(({ role, statements: said }) =>
  said.map((statement) => ({ of: role, ...statement })),
);
const allowed = statements.filter(({ of, Effect }) => of.includes(rotator) && Effect === 'Allow');
const isOn = ({ Resource }: Pick<Statement, 'Resource'>, what: string) =>
  JSON.stringify(Resource).includes(what);
const secretArn = { 'Fn::ImportValue': expect.stringMatching(/Data:.*MasterSecret/) };

test('the master secret is rotated every 90 days by the function of the cell, from a stack that has nothing else', () => {
  expect(resourcesOf(secretRotation)).toEqual([
    {
      Type: 'AWS::SecretsManager::RotationSchedule',
      Properties: {
        SecretId: secretArn,
        RotationLambdaARN: { 'Fn::ImportValue': expect.stringMatching(/Cell:.*rotatemastersecretFunction/) },
        RotationRules: { AutomaticallyAfterDays: 90 },
      },
    },
  ]);
  for (const stack of [cell, data])
    expect(resourcesOf(stack, 'AWS::SecretsManager::RotationSchedule')).toEqual([]);
});

test('who rotates it may do on this secret what the steps need, and on nothing else of the cell anything', () => {
  const onSecret = allowed.filter((statement) => isOn(statement, 'MasterSecret'));
  expect(onSecret.flatMap(({ Action }) => listed(Action))).toEqual([
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
    'secretsmanager:UpdateSecretVersionStage',
  ]);
  for (const { Resource } of onSecret) expect(Resource).toEqual(secretArn);
  const others = allowed.filter((statement) => !onSecret.includes(statement));
  expect(others.flatMap(({ Action }) => listed(Action)).toSorted()).toEqual([
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ]);
});

test('it reads and writes with the key only through Secrets Manager', () => {
  const [withKey, ...others] = allowed.filter(({ Action }) => listed(Action).includes('kms:GenerateDataKey'));
  expect(others).toEqual([]);
  expect(withKey && isOn(withKey, 'Data:ExportsOutputFnGetAttKey')).toBe(true);
  expect(withKey?.Condition).toEqual({
    StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' },
  });
});

test('nobody else changes it, and nobody at all deletes it or says who may', () => {
  const changing = statements
    .filter(({ Action }) => listed(Action).some((one) => one.startsWith('secretsmanager:')))
    .filter(({ Action }) => listed(Action).join() !== 'secretsmanager:GetSecretValue');
  expect(changing.every(({ of }) => of.includes(rotator))).toBe(true);
  expect(changing).toHaveLength(1);
  expect(entries.filter(({ rights }) => rights.masterSecret === 'rotate').map(({ name }) => name)).toEqual([
    'rotate-master-secret',
  ]);
});

test('it is called by Secrets Manager alone, from this account and for this secret', () => {
  const calling = resourcesOf(cell, 'AWS::Lambda::Permission').filter(({ Properties }) =>
    JSON.stringify(Properties['FunctionName']).includes(rotator),
  );
  expect(calling.map(({ Properties }) => Properties)).toEqual([
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: expect.anything(),
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
      SourceArn: secretArn,
    },
  ]);
});

test('a single rotation that fails rings', () => {
  const alarm = resourcesOf(cell, 'AWS::CloudWatch::Alarm').find(({ Properties }) =>
    JSON.stringify(Properties['Dimensions'] ?? '').includes(rotator),
  );
  expect(alarm?.Properties).toMatchObject({
    MetricName: 'Errors',
    Threshold: 1,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
  });
});

test('functions are told where the secret is, never what', () => {
  const told = resourcesOf(cell, 'AWS::Lambda::Function').flatMap(
    ({ Properties }) => Properties['Environment'].Variables['MASTER_SECRET_ARN'] ?? [],
  );
  expect(told).toHaveLength(entries.filter(({ rights }) => rights.masterSecret).length);
  for (const value of told) expect(value).toEqual(secretArn);
});
