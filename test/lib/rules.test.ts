import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { addCell } from '../../lib/cell-stacks.ts';
import { flags } from '../../lib/flags.ts';
import { checkRules } from '../../lib/rules.ts';
import type { CellSettings } from '../../lib/settings.ts';
import { DataStack } from '../../lib/stacks/data.ts';
import { appWith } from './support/app.ts';
import { settings } from './support/templates.ts';

/** Two regions take a minute where others use the machine. */
const patient = { timeout: 120_000 };

const codeOf = (line: string) => () => Code.fromInline(line);
const textOf = (stack: Stack) => JSON.stringify(Template.fromStack(stack).toJSON());
const elsewhere: CellSettings = { ...settings, cell: 'us-east-1', region: 'us-east-1' };

const app = appWith(flags);
const near = addCell(app, settings, codeOf('exports.handler = 1;'));
const far = addCell(app, elsewhere, codeOf('exports.handler = 1;'));

test(
  'two regions hold to the rules of AwsSolutions and Serverless, with what was acknowledged',
  patient,
  () => {
    checkRules(app);
    expect(() => app.synth()).not.toThrow();
  },
);

test('what nobody acknowledged leaves no templates', () => {
  const careless = appWith(flags);
  new Bucket(new Stack(careless, 'Stack'), 'Bucket');
  checkRules(careless);
  expect(() => careless.synth()).toThrow(/[Vv]alidation/);
});

test('a change of code changes the cell, and not one letter of what keeps data', patient, () => {
  const changed = addCell(appWith(flags), settings, codeOf('exports.handler = 2;'));
  expect(textOf(changed.cell)).not.toBe(textOf(near.cell));
  expect(textOf(changed.data)).toBe(textOf(near.data));
  expect(textOf(changed.audit)).toBe(textOf(near.audit));
});

test('whatever a cell uses of its data was exported before: the data alone is the same template', () => {
  const env = { region: settings.region, account: settings.awsAccount };
  const alone = new DataStack(appWith(flags), near.data.stackName, { env, settings });
  expect(textOf(alone)).toBe(textOf(near.data));
});

test('cells share nothing: neither names the other', () => {
  for (const stack of Object.values(near)) expect(textOf(stack)).not.toContain(elsewhere.region);
  for (const stack of Object.values(far)) expect(textOf(stack)).not.toContain(settings.region);
});
