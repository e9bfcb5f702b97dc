import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { expect, test } from 'vitest';
import { standingCell } from './support/standing-cell.ts';
import { resourcesOf } from './support/templates.ts';

const { audit, data } = standingCell();
const [trail] = resourcesOf(audit, 'AWS::CloudTrail::Trail');
const selectors = JSON.stringify(trail?.Properties['AdvancedEventSelectors']);

/** Why it has no access log of its own. */
function reasonOf(bucket: IConstruct): string {
  const rules = bucket.node.metadata.filter(
    ({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY,
  );
  const reasons = rules
    .flatMap(({ data: known }) => Object.entries(Object(known)))
    .flatMap(([rule, reason]) => (rule.endsWith('AwsSolutions-S1') ? [reason] : []));
  expect(reasons).toHaveLength(1);
  return String(reasons[0]);
}

const onRecord = /on record in the audit trail, object by object/;

test.each([
  ['the archive', data.archive, data.exportedAs(data.archive.bucketArn)],
  ['what was put aside', data.undelivered, data.exportedAs(data.undelivered.bucketArn)],
  ['the record of requests', audit.requests, audit.resolve(audit.requests.bucketArn)['Fn::GetAtt'][0]],
])('who reads and writes %s is said to be on record, and is', (_what, bucket, named) => {
  expect(reasonOf(bucket)).toMatch(onRecord);
  expect(selectors).toContain(`"${named}"`);
});

test('the trail does not record its own deliveries, each of which would cause the next, and nobody says that it does', () => {
  const [named] = audit.resolve(audit.trail.bucketArn)['Fn::GetAtt'];
  expect(selectors).not.toContain(`"${named}"`);
  expect(reasonOf(audit.trail)).not.toMatch(onRecord);
});
