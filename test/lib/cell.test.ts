import { expect, test } from 'vitest';
import { environmentNames } from '../../functions/environment.ts';
import { type FunctionEntry, manifest } from '../../functions/manifest.ts';
import { entriesPrefix } from '../../platform/account-feed/names.ts';
import { type MetricEntry, metricList, metricsNamespace } from '../../platform/telemetry/metric-list.ts';
import { viewsKey } from '../../platform/views/tables.ts';
import { standingCell } from './support/standing-cell.ts';
import { resourcesOf } from './support/templates.ts';

const { busArchive, cell, observability } = standingCell();
const entries: readonly FunctionEntry[] = manifest;
const all = resourcesOf(cell);
const of = (type: string) => all.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
const functions = of('AWS::Lambda::Function');
const functionOf = ({ name }: FunctionEntry) =>
  functions.find(({ FunctionName }) => FunctionName === `ordercell-eu-central-1-${name}`);
/** What is behind the HTTP API. */
const behindApi = entries.filter(({ trigger }) => trigger.kind === 'http' && !trigger.streams);
const countOf = (kind: string) => entries.filter(({ trigger }) => trigger.kind === kind).length;

test('each entry of the manifest is one function with its memory, on Node 24 and arm64', () => {
  expect(functions).toHaveLength(entries.length);
  for (const entry of entries) {
    expect(functionOf(entry)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: entry.memoryMb,
      TracingConfig: { Mode: 'Active' },
    });
  }
});

test('each route of the manifest is a route of the API, and there is no other; what streams has its own address', () => {
  const declared = behindApi.flatMap(({ trigger }) => (trigger.kind === 'http' ? trigger.routes : []));
  const made = of('AWS::ApiGatewayV2::Route').map(({ RouteKey }) => String(RouteKey));
  const ofSockets = ['$connect', '$default', '$disconnect'];
  expect(made.toSorted()).toEqual([...ofSockets, ...declared.map(({ route }) => route)].toSorted());
});

test('who works stops before its function does, and that before the gateway', () => {
  const gateway = new Map(
    of('AWS::ApiGatewayV2::Integration')
      .filter((one) => 'PayloadFormatVersion' in one)
      .map((one) => [
        JSON.stringify(one['IntegrationUri']),
        [one['TimeoutInMillis'], one['PayloadFormatVersion']],
      ]),
  );
  expect(gateway.size).toBe(behindApi.length);
  for (const entry of entries) {
    const seconds = functionOf(entry)?.['Timeout'];
    expect(entry.deadlineMs).toBeLessThan(seconds * 1000);
    if (!behindApi.includes(entry)) continue;
    const logical = Object.keys(cellFunctions).find((id) => cellFunctions[id] === entry.name) ?? '';
    const [timeoutMs, format] = gateway.get(JSON.stringify({ 'Fn::GetAtt': [logical, 'Arn'] })) ?? [];
    expect([entry.name, seconds * 1000 < timeoutMs, timeoutMs <= 30_000, format]).toEqual([
      entry.name,
      true,
      true,
      '2.0',
    ]);
  }
});

const cellFunctions: Readonly<Record<string, string>> = Object.fromEntries(
  [...cell.functions].map(([name, { lambda }]) => [
    cell.resolve(lambda.node.defaultChild && Object(lambda.node.defaultChild).logicalId),
    name,
  ]),
);

test('what streams hands on its parts as they come, for as long as a function may live, to so many at once', () => {
  const streaming = entries.filter(({ trigger }) => trigger.kind === 'http' && trigger.streams);
  expect(of('AWS::Lambda::Url').map(({ InvokeMode }) => InvokeMode)).toEqual(
    streaming.map(() => 'RESPONSE_STREAM'),
  );
  for (const entry of streaming) {
    expect(functionOf(entry)).toMatchObject({ Timeout: 900, ReservedConcurrentExecutions: 100 });
  }
});

test('the API is throttled and writes a line for every request', () => {
  const [stage] = of('AWS::ApiGatewayV2::Stage');
  expect(stage).toMatchObject({
    AutoDeploy: true,
    DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
  });
  const line = JSON.parse(stage?.['AccessLogSettings'].Format);
  expect(Object.keys(line)).toEqual(expect.arrayContaining(['requestId', 'route', 'path', 'status']));
});

test('a function is told where it is, and nothing that has to be hidden', () => {
  const known: readonly string[] = [...Object.values(environmentNames), 'NODE_OPTIONS'];
  const parts = functions.filter(({ FunctionName }) => !String(FunctionName).endsWith('check-config'));
  expect(parts).toHaveLength(functions.length - 1);
  for (const { Environment } of parts) {
    const { Variables } = Environment;
    expect(Object.keys(Variables).filter((name) => !known.includes(name))).toEqual([]);
    expect(Variables[environmentNames.cell]).toBe('eu-central-1');
  }
  const told = entries.filter((entry) => functionOf(entry)?.['Environment'].Variables['MASTER_SECRET_ARN']);
  const may = entries.filter(({ rights }) => rights.masterSecret !== undefined);
  expect(told).toEqual(may);
  const archiving = entries.filter((entry) => functionOf(entry)?.['Environment'].Variables['ARCHIVE_BUCKET']);
  expect(archiving).toEqual(entries.filter(({ rights }) => rights.archive !== undefined));
});

test('relay and archive read the feed from its beginning, in order, within bounds, and put aside whole what they cannot take', () => {
  const feeds = of('AWS::Lambda::EventSourceMapping').filter(
    (one) => one['StartingPosition'] === 'TRIM_HORIZON',
  );
  expect(feeds.map((feed) => [feed['BatchSize'], feed['MaximumBatchingWindowInSeconds']])).toEqual([
    [100, undefined],
    [1_000, 60],
  ]);
  for (const feed of feeds) {
    expect(feed).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 100,
      MaximumRecordAgeInSeconds: 43_200,
    });
    const aside = JSON.stringify(feed['DestinationConfig'].OnFailure.Destination);
    expect(aside).toContain('UndeliveredBucket');
  }
});

test('who waits for a batch to fill is late only beyond that', () => {
  const ages = alarms.filter(({ MetricName }) => MetricName === 'IteratorAge');
  expect(ages.map(({ Threshold }) => Threshold)).toEqual([60_000, 60_000, 180_000]);
});

test('a WebSocket API with one function behind it holds the connections, and says no more of them than where functions say something', () => {
  const [api, ...others] = of('AWS::ApiGatewayV2::Api').filter(
    ({ ProtocolType }) => ProtocolType === 'WEBSOCKET',
  );
  expect([api?.['Name'], others]).toEqual(['ordercell-eu-central-1-stream', []]);
  const [stage] = of('AWS::ApiGatewayV2::Stage').filter(({ StageName }) => StageName === 'stream');
  expect(stage).toMatchObject({
    AutoDeploy: true,
    DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
  });
  expect(stage).toHaveProperty('AccessLogSettings.DestinationArn');
  for (const entry of entries) {
    const told = JSON.stringify(functionOf(entry)?.['Environment'].Variables['STREAM_ENDPOINT']) ?? '';
    expect([entry.name, told.includes('.execute-api.eu-central-1.amazonaws.com/stream')]).toEqual([
      entry.name,
      entry.rights.sockets !== undefined,
    ]);
  }
});

test('whoever tells listeners is woken by new entries of accounts’ feeds, in order, and by nothing else of the views', () => {
  const [mapping, ...others] = of('AWS::Lambda::EventSourceMapping').filter(
    (one) => one['StartingPosition'] === 'LATEST',
  );
  expect(others).toEqual([]);
  expect(mapping).toMatchObject({
    BatchSize: 100,
    ParallelizationFactor: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumRecordAgeInSeconds: 3_600,
  });
  expect(JSON.parse(mapping?.['FilterCriteria'].Filters[0].Pattern)).toEqual({
    eventName: ['INSERT'],
    dynamodb: { Keys: { [viewsKey.partition]: { S: [{ prefix: entriesPrefix }] } } },
  });
});

test('each subscriber has a rule for its kinds of streams, a queue, and a queue for what cannot be delivered', () => {
  const kinds = entries.flatMap(({ trigger }) => (trigger.kind === 'bus' ? [trigger.streams.join()] : []));
  const rules = of('AWS::Events::Rule').filter((rule) => 'EventPattern' in rule);
  const heard = rules.map((rule) => String(rule['EventPattern']['detail-type']));
  expect(heard.toSorted()).toEqual(kinds.toSorted());
  for (const { EventPattern, Targets } of rules) {
    expect(EventPattern).toMatchObject({ source: ['ordercell'], detail: { cell: ['eu-central-1'] } });
    expect(Targets).toHaveLength(1);
    expect(Targets[0]).toHaveProperty('DeadLetterConfig.Arn');
  }
  const fed = of('AWS::SQS::Queue').filter((queue) => 'RedrivePolicy' in queue);
  expect(fed.map((queue) => queue['RedrivePolicy'].maxReceiveCount)).toEqual(kinds.map(() => 5));
});

test('a message is hidden for six lives of its function, and given back alone when it fails', () => {
  const mappings = of('AWS::Lambda::EventSourceMapping').filter((one) => !('StartingPosition' in one));
  expect(mappings).toHaveLength(countOf('bus'));
  for (const mapping of mappings)
    expect(mapping['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
  const hidden = of('AWS::SQS::Queue').flatMap((queue) => queue['VisibilityTimeout'] ?? []);
  const lives = entries.flatMap(({ trigger, deadlineMs }) =>
    trigger.kind === 'bus' ? [(6 * (deadlineMs + 1000)) / 1000] : [],
  );
  expect(hidden).toEqual(lives);
});

test('AppConfig asks the shape and the cell itself before a config is rolled out, and may ask only from this account', () => {
  const [profile] = of('AWS::AppConfig::ConfigurationProfile');
  const [shape, check] = profile?.['Validators'] ?? [];
  expect(shape.Type).toBe('JSON_SCHEMA');
  expect(JSON.parse(shape.Content).required).toContain('instruments');
  expect(check).toMatchObject({ Type: 'LAMBDA' });
  expect(JSON.stringify(check.Content)).toContain('checkconfig');
  const asking = of('AWS::Lambda::Permission').filter(
    ({ Principal }) => Principal === 'appconfig.amazonaws.com',
  );
  expect(asking).toEqual([expect.objectContaining({ SourceAccount: { Ref: 'AWS::AccountId' } })]);
  const checking = of('AWS::Lambda::Function').find(({ FunctionName }) =>
    String(FunctionName).endsWith('check-config'),
  );
  // Told where the config is it would wait for what waits for it.
  expect(Object.keys(checking?.['Environment'].Variables)).toEqual(['NODE_OPTIONS']);
});

test('each schedule wakes its function as often as the manifest says, without repeating a round', () => {
  const minutes = entries.flatMap(({ name, trigger }) => {
    if (trigger.kind !== 'schedule') return [];
    if (name === 'reconcile') return ['cron(0 5 * * ? *)'];
    return [`rate(${trigger.everyMinutes} minute${trigger.everyMinutes > 1 ? 's' : ''})`];
  });
  const rules = of('AWS::Events::Rule').filter((rule) => 'ScheduleExpression' in rule);
  expect(rules.map((rule) => rule['ScheduleExpression'])).toEqual(minutes);
  for (const { Targets } of rules) expect(Targets[0].RetryPolicy.MaximumRetryAttempts).toBe(0);
});

test('who replays the log once a day has all the time that Lambda gives, and never runs twice at once', () => {
  const reconciling = entries.find(({ name }) => name === 'reconcile');
  expect(reconciling && functionOf(reconciling)).toMatchObject({
    Timeout: 900,
    ReservedConcurrentExecutions: 1,
  });
});

test('an alarm looks back no further than CloudWatch does: a day by minutes, a week by hours', () => {
  for (const { AlarmDescription, EvaluationPeriods, Period } of alarms) {
    if (EvaluationPeriods === undefined || Period === undefined) continue;
    const seconds = EvaluationPeriods * Period;
    expect([AlarmDescription, seconds <= (Period < 3_600 ? 86_400 : 604_800)]).toEqual([
      AlarmDescription,
      true,
    ]);
  }
});

test('a schedule that is not woken rings: five rounds later, or an hour or two after its hour of the day', () => {
  for (const { name, trigger } of entries) {
    if (trigger.kind !== 'schedule') continue;
    const impact = `${name} is not woken any more.`;
    const silent = singly.find(({ AlarmDescription }) => AlarmDescription === impact);
    const { Period, EvaluationPeriods } = silent ?? {};
    const expected = trigger.everyMinutes === 1_440 ? [3_600, 26] : [60, 5 * trigger.everyMinutes];
    expect([name, Period, EvaluationPeriods]).toEqual([name, ...expected]);
  }
});

const composed = resourcesOf(observability, 'AWS::CloudWatch::CompositeAlarm').map(
  ({ Properties }) => Properties,
);
const singly = [
  ...of('AWS::CloudWatch::Alarm'),
  ...resourcesOf(observability, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties),
];
/** Those of which two together wake somebody. */
const windows = singly.filter(({ AlarmActions }) => AlarmActions === undefined);
const alarms = [...singly.filter((alarm) => !windows.includes(alarm)), ...composed];

test('a schedule rings when three rounds of five minutes failed, and one of seldom rounds at its first', () => {
  for (const { name, trigger } of entries) {
    if (trigger.kind !== 'schedule') continue;
    const impact = `Rounds of ${name} fail: what they do is late.`;
    const failing = singly.find(({ AlarmDescription }) => AlarmDescription === impact);
    const minutes = trigger.everyMinutes === 1 ? [3, 5] : [1, 1];
    expect([name, failing?.['DatapointsToAlarm'], failing?.['EvaluationPeriods']]).toEqual([
      name,
      ...minutes,
    ]);
  }
});

test('every alarm says in a sentence who suffers what, and wakes somebody', () => {
  expect(alarms.length).toBeGreaterThan(entries.length);
  for (const { AlarmDescription, AlarmActions } of alarms) {
    expect(AlarmDescription).toMatch(/^[\w-]+ .*\.$/s);
    expect(AlarmActions).toHaveLength(1);
  }
});

test('a promise that is used up too fast rings when a long and a short window say so, each at the same pace', () => {
  expect(composed.map(({ AlarmDescription }) => AlarmDescription)).toEqual([
    'Requests fail at 14.4 times the pace that clients are promised.',
    'Requests fail at 6 times the pace that clients are promised.',
    'Requests take longer than 200 ms at 14.4 times the pace that clients are promised.',
    'Requests take longer than 200 ms at 6 times the pace that clients are promised.',
  ]);
  for (const { AlarmRule } of composed) expect(JSON.stringify(AlarmRule)).toMatch(/ALARM.* AND .*ALARM/);
  const figures = windows.map(({ MetricName, ExtendedStatistic, Statistic, Period, Threshold }) => [
    MetricName,
    ExtendedStatistic ?? Statistic,
    Period / 60,
    Threshold,
  ]);
  const fast = [60, 5];
  const slow = [360, 30];
  expect(figures).toEqual([
    ...fast.map((minutes) => ['5xx', 'Average', minutes, 14.4 * 0.005]),
    ...slow.map((minutes) => ['5xx', 'Average', minutes, 6 * 0.005]),
    ...fast.map((minutes) => ['Latency', 'PR(200:)', minutes, 14.4 * 0.01 * 100]),
    ...slow.map((minutes) => ['Latency', 'PR(200:)', minutes, 6 * 0.01 * 100]),
  ]);
});

test('far more and far fewer requests than usual ring', () => {
  const [unusual] = alarms.filter(({ ThresholdMetricId }) => ThresholdMetricId !== undefined);
  expect(unusual).toMatchObject({
    ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
    EvaluationPeriods: 6,
  });
  expect(JSON.stringify(unusual?.['Metrics'])).toContain('ANOMALY_DETECTION_BAND(m0, 3)');
});

test('no alarm waits for a number of ours that no function says', () => {
  const ours = singly.filter(({ Namespace }) => Namespace === metricsNamespace);
  expect(new Set(ours.map(({ MetricName }) => MetricName))).toEqual(
    new Set([
      'commits_parked',
      'commits_swept',
      'log_tampering',
      'quarantines',
      'reconcile_differences',
      'reconcile_unfinished',
      'schedule_failures',
    ]),
  );
  for (const { MetricName, Dimensions = [] } of ours) {
    const known: Readonly<Record<string, MetricEntry>> = metricList;
    const entry = known[MetricName];
    // A gauge is of a process that stays: functions say none.
    expect(entry?.kind).toBe('counter');
    expect(Dimensions.map(({ Name }: { readonly Name: string }) => Name)).toEqual(entry?.labels);
  }
});

test('alarms reach the topic that wakes somebody', () => {
  const [policy] = of('AWS::SNS::TopicPolicy');
  expect(policy?.['PolicyDocument'].Statement).toContainEqual(
    expect.objectContaining({
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
    }),
  );
});

test('no data is no trouble, except where silence is', () => {
  const breaching = singly.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
  expect(breaching.map(({ MetricName }) => MetricName)).toEqual(
    Array.from({ length: countOf('schedule') }, () => 'Invocations'),
  );
  expect(singly.filter(({ TreatMissingData }) => TreatMissingData === undefined)).toEqual([]);
});

test.each([
  ['one changed or deleted commit', 'log_tampering', 1, 1],
  ['one commit put aside', 'commits_parked', 1, 1],
  ['one stream in quarantine', 'quarantines', 1, 1],
  ['one difference that a reconciliation found', 'reconcile_differences', 1, 1],
  ['one reconciliation that ran out of time', 'reconcile_unfinished', 1, 1],
  ['gaps in three minutes of an hour', 'commits_swept', 3, 60],
  ['failed rounds in three minutes of five', 'schedule_failures', 3, 5],
])('%s: it rings', (_what, name, badMinutes, minutes) => {
  const ringing = alarms.filter(({ MetricName }) => MetricName === name);
  expect(ringing).toEqual([
    expect.objectContaining({
      Namespace: 'Ordercell',
      Statistic: 'Sum',
      Period: 60,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      DatapointsToAlarm: badMinutes,
      EvaluationPeriods: minutes,
      TreatMissingData: 'notBreaching',
    }),
  ]);
});

test('what streams rings when its address answers 5xx, which neither its errors nor the API count', () => {
  const refusing = alarms.filter(({ MetricName }) => MetricName === 'Url5xxCount');
  expect(refusing).toHaveLength(of('AWS::Lambda::Url').length);
  for (const alarm of refusing) {
    expect(alarm).toMatchObject({
      Namespace: 'AWS/Lambda',
      Statistic: 'Sum',
      Threshold: 1,
      DatapointsToAlarm: 3,
      EvaluationPeriods: 5,
      TreatMissingData: 'notBreaching',
    });
    const [{ Name, Value }, ...others] = alarm['Dimensions'];
    expect([Name, others]).toEqual(['FunctionName', []]);
    const urls = of('AWS::Lambda::Url').map(({ TargetFunctionArn }) => TargetFunctionArn['Fn::GetAtt'][0]);
    expect(urls).toContain(Value['Ref']);
  }
});

test('every queue that nobody reads rings at its first message', () => {
  const parked = of('AWS::SQS::Queue').filter((queue) => !('RedrivePolicy' in queue));
  const ringing = alarms.filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible');
  expect(ringing.map(({ Threshold }) => Threshold)).toEqual(parked.map(() => 1));
});

test('a config that makes requests fail is taken back, and silence takes nothing back', () => {
  const [environment] = of('AWS::AppConfig::Environment');
  expect(environment?.['Monitors']).toHaveLength(1);
  const watched = JSON.stringify(environment?.['Monitors'][0].AlarmArn);
  expect(watched).toContain('FailingRequests');
  const [strategy] = of('AWS::AppConfig::DeploymentStrategy');
  expect(strategy).toMatchObject({ GrowthType: 'LINEAR', GrowthFactor: 10, FinalBakeTimeInMinutes: 10 });
});

test('the cell can be thrown away: nothing in it is kept, and nothing in it keeps money', () => {
  expect(all.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')).toEqual([]);
  const keeping = all.filter(({ Type }) => /DynamoDB|S3|KMS|SecretsManager/.test(Type));
  expect(keeping).toEqual([]);
});

test('the bus says of what it could not deliver, and of nothing that is in it, in a log of its own', () => {
  const [bus] = of('AWS::Events::EventBus');
  expect(bus?.['LogConfig']).toEqual({ Level: 'ERROR', IncludeDetail: 'NONE' });
  const [source] = resourcesOf(busArchive, 'AWS::Logs::DeliverySource');
  expect(source?.Properties).toMatchObject({
    LogType: 'ERROR_LOGS',
    Name: 'ordercell-eu-central-1-bus-errors',
  });
  const [delivery] = resourcesOf(busArchive, 'AWS::Logs::Delivery');
  expect(delivery?.Properties['DeliverySourceName']).toBe(source?.Properties['Name']);
  const [policy] = resourcesOf(busArchive, 'AWS::Logs::ResourcePolicy');
  expect(JSON.stringify(policy?.Properties)).toContain('delivery.logs.amazonaws.com');
});
