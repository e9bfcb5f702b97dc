import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CellSettings } from '../../../lib/settings.ts';

export const settings: CellSettings = {
  cell: 'eu-central-1',
  region: 'eu-central-1',
  awsAccount: undefined,
  archive: { mode: 'COMPLIANCE', days: 2557 },
  throttle: { requestsPerSecond: 500, burst: 1000 },
  secretRotationDays: 90,
  streamReadersMax: 100,
  executeApi: 'https://{api}.execute-api.{region}.amazonaws.com',
  firstConfig: 'local/seed.json#config',
};

export interface Resource {
  readonly Type: string;
  readonly Properties: ReturnType<Template['toJSON']>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

function resourcesByName(stack: Stack): Readonly<Record<string, Resource>> {
  return Template.fromStack(stack).toJSON()['Resources'] ?? {};
}

export function resourcesOf(stack: Stack, type?: string): readonly Resource[] {
  const all = Object.values(resourcesByName(stack));
  return type === undefined ? all : all.filter((resource) => resource.Type === type);
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
  readonly Sid?: string;
}

export const listed = <Value>(value: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(value) ? value : [value as Value];

/** What each role may, by the name of its resource. */
export function rightsOf(
  stack: Stack,
): readonly { readonly role: string; readonly statements: readonly Statement[] }[] {
  return Object.entries(resourcesByName(stack)).flatMap(([role, { Properties }]) =>
    listed(Properties['Policies'] ?? []).map(({ PolicyDocument }) => ({
      role,
      statements: listed<Statement>(PolicyDocument.Statement),
    })),
  );
}
