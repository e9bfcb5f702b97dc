import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** Where alarms wake somebody. Refusing to be spoken to in clear replaces a topic's own policy, so that has to let alarms in again. */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { cell }: { readonly cell: string }) {
    super(scope, id, { topicName: `ordercell-${cell}-alarms`, enforceSSL: true });
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsRing',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}
