import { CfnElement, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import type { CellSettings } from '../settings.ts';
import { acknowledge, acknowledgeWildcard } from './acknowledge.ts';
import { allow } from './allow.ts';

/** The path of Alpaca's clients. The gateway's address has the stage for a path. */
const stageName = 'stream';
/** What the gateway takes to say something over a connection and to end it, and to tell whether it is there. */
const methodsOf = { manage: ['POST', 'DELETE'], find: ['GET'] } as const;

export type SocketRight = keyof typeof methodsOf;

const accessLine = {
  requestId: '$context.requestId',
  at: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  connectionId: '$context.connectionId',
  event: '$context.eventType',
  status: '$context.status',
  error: '$context.error.message',
} as const;

/** The cell's WebSocket API: holds the connections of who follows their orders, so that no function runs while nothing is said. */
export class StreamDoor extends Construct {
  /** Where functions say what is to be said. */
  readonly endpoint: string;
  readonly #api: WebSocketApi;

  constructor(scope: Construct, id: string, { cell, throttle, executeApi }: CellSettings) {
    super(scope, id);
    this.#api = new WebSocketApi(this, 'Api', {
      apiName: `ordercell-${cell}-stream`,
      description: `What happens to orders of the cell ${cell}`,
    });
    const log = new LogGroup(this, 'AccessLog', {
      logGroupName: `/ordercell/${cell}/stream-access`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.#api,
      stageName,
      autoDeploy: true,
      throttle: { rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst },
      detailedMetricsEnabled: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(accessLine)),
      },
    });
    const { region } = Stack.of(this);
    this.endpoint = `${executeApi.replaceAll('{api}', this.#api.apiId).replaceAll('{region}', region)}/${stageName}`;
    new CfnOutput(this, 'Address', {
      value: stage.url,
      description: 'Where clients follow their orders by WebSocket',
    });
  }

  /** The one function that hears of everything. */
  opensTo(lambda: IFunction): void {
    const integration = new WebSocketLambdaIntegration('Integration', lambda);
    for (const route of ['$connect', '$default', '$disconnect'] as const)
      acknowledge(this.#api.addRoute(route, { integration }), {
        'AwsSolutions-APIG4':
          'Clients say whose connection it is in their first message, as they do to Alpaca; until then they hear nothing.',
      });
  }

  may(right: SocketRight): PolicyStatement {
    const connections = this.#connectionsOf(this.#api.apiId, right);
    return allow('ReachClients', ['execute-api:ManageConnections'], connections);
  }

  /** The rules name what a template refers to by its logical id. */
  acknowledge(role: IConstruct, right: SocketRight): void {
    for (const resource of this.#connectionsOf(`<${this.#logicalId}>`, right))
      acknowledgeWildcard(role, resource, 'A connection is named by the gateway when it comes.');
  }

  get #logicalId(): string {
    const { defaultChild } = this.#api.node;
    if (!CfnElement.isCfnElement(defaultChild)) throw new Error('the API is no resource');
    return Stack.of(this).getLogicalId(defaultChild);
  }

  #connectionsOf(apiId: string, right: SocketRight): readonly string[] {
    const { partition, region, account } = Stack.of(this);
    const api = `arn:${partition}:execute-api:${region}:${account}:${apiId}`;
    return methodsOf[right].map((method) => `${api}/${stageName}/${method}/@connections/*`);
  }
}
