import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CfnDelivery,
  CfnDeliveryDestination,
  CfnDeliverySource,
  LogGroup,
  RetentionDays,
} from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface BusLogProps {
  readonly cell: string;
  readonly bus: IEventBus;
}

/** What the bus says itself of entries that it could not deliver: which rule, which target, and why. Not what is in them. */
export class BusLog extends Construct {
  constructor(scope: Construct, id: string, { cell, bus }: BusLogProps) {
    super(scope, id);
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/ordercell/${cell}/bus`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    log.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TakeLinesOfTheBus',
        principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [`${log.logGroupArn}:log-stream:*`],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const source = new CfnDeliverySource(this, 'Source', {
      name: `ordercell-${cell}-bus-errors`,
      logType: 'ERROR_LOGS',
      resourceArn: bus.eventBusArn,
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name: `ordercell-${cell}-bus-errors`,
      destinationResourceArn: log.logGroupArn,
    });
    const delivery = new CfnDelivery(this, 'Delivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
    });
    delivery.node.addDependency(source, log);
  }
}
