import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Findings of the rules that stay, each with a sentence that says why. */
export function acknowledge(construct: IConstruct, findings: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(findings)) Validations.of(construct).acknowledge({ id, reason });
}

/** A resource with a `*` in it. The rules name it as it stands in the template, with the account's number only where that is known. */
export function acknowledgeWildcard(construct: IConstruct, resource: string, reason: string): void {
  const stack = Stack.of(construct);
  const awsAccount = Token.isUnresolved(stack.account) ? '<AWS::AccountId>' : stack.account;
  const named = resource.replaceAll(stack.account, awsAccount).replaceAll(stack.partition, 'aws');
  acknowledge(construct, { [`AwsSolutions-IAM5[Resource::${named}]`]: reason });
}
