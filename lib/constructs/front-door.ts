import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CellSettings } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';

/** Enough to find a request again: the function's own line has the same id, and who asked. The path has the order's id. */
const accessLine = {
  requestId: '$context.requestId',
  at: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  functionLatencyMs: '$context.integrationLatency',
  error: '$context.error.message',
} as const;

/** The cell's HTTP API: throttled as a whole, with a line for every request, also for those no function sees. */
export class FrontDoor extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, { cell, throttle }: CellSettings) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: `ordercell-${cell}`,
      description: `Orders of the cell ${cell}`,
      createDefaultStage: false,
    });
    const log = new LogGroup(this, 'AccessLog', {
      logGroupName: `/ordercell/${cell}/access`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst },
      detailedMetricsEnabled: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(accessLine)),
      },
    });
    acknowledge(this.api, {
      'AwsSolutions-APIG4':
        'Each function checks the key itself, in force within a second of a revocation; an authorizer in front would remember a revoked key for its cache and cost a second call without one.',
    });
    new CfnOutput(this, 'Address', { value: stage.url, description: 'Where clients point to' });
  }
}
