import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

export function allow(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
): PolicyStatement {
  return new PolicyStatement({ sid, actions: [...actions], resources: [...resources] });
}
