import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { environmentNames } from '../../functions/environment.ts';
import type { FunctionEntry } from '../../functions/manifest.ts';
import { acknowledge, acknowledgeWildcard } from './acknowledge.ts';
import type { CellContext } from './cell-context.ts';
import { everyMinute, ImpactAlarm } from './impact-alarm.ts';
import { allow } from './allow.ts';
import { FunctionRole } from './function-role.ts';
import { acknowledgeArchive, statementsOf } from './rights.ts';

export interface CellFunctionProps {
  readonly entry: FunctionEntry;
  readonly context: CellContext;
  /** What it means for somebody when its calls fail. */
  readonly impact: string;
  /** Where it is more than its deadline and the time to say that that is over. */
  readonly lifetime?: Duration;
  readonly concurrencyMax?: number;
  /** It has no part in the cell, and is told nothing of it. */
  readonly standsAlone?: true;
  /** It is called so seldom that a single failure has to be told. */
  readonly ringsAtOnce?: true;
}

/** How much longer a function lives than it works: it must still be able to say that time was up. */
export const answeringMs = 1_000;

export function lifetimeOf({ deadlineMs }: FunctionEntry): Duration {
  return Duration.millis(deadlineMs + answeringMs);
}

/**
 * A function of the manifest: its own role with the rights it declares, its own log, an alarm. It is told where it is by its environment,
 * which holds no secret.
 */
export class CellFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: FunctionRole;

  constructor(scope: Construct, id: string, props: CellFunctionProps) {
    super(scope, id);
    const {
      entry,
      context,
      impact,
      lifetime = lifetimeOf(entry),
      concurrencyMax,
      standsAlone,
      ringsAtOnce,
    } = props;
    const logGroupName = `/ordercell/${context.settings.cell}/${entry.name}`;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new FunctionRole(this, 'Role');
    const logStreams = logStreamsOf(this, logGroupName);
    this.may(allow('WriteOwnLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logStreams]));
    this.may(...statementsOf(entry, context));
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: `ordercell-${context.settings.cell}-${entry.name}`,
      code: context.codeOf(entry.name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: entry.memoryMb,
      timeout: lifetime,
      ...(concurrencyMax !== undefined && { reservedConcurrentExecutions: concurrencyMax }),
      role: this.role,
      logGroup,
      tracing: Tracing.ACTIVE,
      environment: { ...(!standsAlone && placesOf(entry, context)), NODE_OPTIONS: '--enable-source-maps' },
    });
    acknowledgeWildcard(this.role, logStreams, 'The streams of its own log are named by Lambda.');
    acknowledgeWildcard(
      this.role,
      '*',
      'X-Ray and the list of change feeds know no resources that could be named.',
    );
    acknowledge(this.role, {
      'Serverless-LambdaStarPermissions':
        'It is no more than that: AwsSolutions-IAM5 has each resource with a star, and a test the actions.',
    });
    if (entry.rights.archive) acknowledgeArchive(this.role, entry.rights.archive, context);
    const { sockets } = entry.rights;
    if (sockets) context.streamDoor.acknowledge(this.role, sockets);
    acknowledge(this.lambda, {
      'Serverless-LambdaDLQ':
        'Nobody calls it without waiting: what wakes it has a queue of its own, or repeats with the next round.',
    });
    new ImpactAlarm(this, 'Failing', {
      metric: this.lambda.metricErrors(everyMinute),
      threshold: 1,
      ...(!ringsAtOnce && { minutes: 5, badMinutes: 3 }),
      impact,
      topic: context.alarms,
    });
  }

  may(...statements: readonly PolicyStatement[]): void {
    for (const statement of statements) this.role.addToPolicy(statement);
  }
}

/** The group's own ARN ends in `:*`, which is every group that begins so; this is the streams of this one. */
function logStreamsOf(scope: Construct, logGroupName: string): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:logs:${region}:${account}:log-group:${logGroupName}:log-stream:*`;
}

function placesOf({ rights }: FunctionEntry, context: CellContext): Record<string, string> {
  const { settings, data, bus, hotConfig, streamDoor } = context;
  return {
    [environmentNames.cell]: settings.cell,
    [environmentNames.logTable]: data.log.tableName,
    [environmentNames.itemsTable]: data.items.tableName,
    [environmentNames.viewsTable]: data.views.tableName,
    [environmentNames.busName]: bus.eventBusName,
    [environmentNames.configApplication]: hotConfig.application,
    [environmentNames.configEnvironment]: hotConfig.environment,
    [environmentNames.configProfile]: hotConfig.profile,
    [environmentNames.requestLogEvery]: '1',
    ...(rights.masterSecret && { [environmentNames.masterSecretArn]: data.masterSecret.secretArn }),
    ...(rights.archive && { [environmentNames.archiveBucket]: data.archive.bucketName }),
    ...(rights.sockets && { [environmentNames.streamEndpoint]: streamDoor.endpoint }),
  };
}
