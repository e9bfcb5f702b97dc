import type { Node } from 'constructs';

/** What one cell is told about itself. Everything else follows from the code. */
export interface CellSettings {
  /** The name in keys, streams and events. A region has one cell, so it is the region's. */
  readonly cell: string;
  readonly region: string;
  /** Undefined until somebody deploys: templates are made without credentials. */
  readonly awsAccount: string | undefined;
  /** In COMPLIANCE nobody, the root user included, deletes before the days are over. */
  readonly archive: { readonly mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly days: number };
  /** Of the whole API. What is above is answered 429 by the gateway before any function is paid for. */
  readonly throttle: { readonly requestsPerSecond: number; readonly burst: number };
  /** How often the master secret gets a new key. */
  readonly secretRotationDays: number;
  /** How many clients may follow their orders at once: each takes a concurrent execution of the region. */
  readonly streamReadersMax: number;
  /** Where functions reach connections that API Gateway holds: `{api}` and `{region}` stand for what they say. */
  readonly executeApi: string;
  /** The config that is put in force when the cell is made: a file, and after `#` the member of it. */
  readonly firstConfig: string;
}

export class BadSetting extends Error {
  override readonly name = 'BadSetting';
}

/** One cell for each region of the context: `cdk.json`, or `-c regions=eu-central-1,us-east-1`. Throws `BadSetting`. */
export function cellsOf(node: Node, awsAccount: string | undefined): readonly CellSettings[] {
  const shared = {
    awsAccount,
    archive: { mode: archiveMode(node), days: count(node, 'archiveDays') },
    throttle: { requestsPerSecond: count(node, 'requestsPerSecond'), burst: count(node, 'burst') },
    secretRotationDays: rotationDays(node),
    streamReadersMax: count(node, 'streamReadersMax'),
    executeApi: text(node, 'executeApi'),
    firstConfig: text(node, 'firstConfig'),
  };
  return regions(node).map((region) => ({ cell: region, region, ...shared }));
}

function regions(node: Node): readonly string[] {
  const given: unknown = node.tryGetContext('regions');
  const names = typeof given === 'string' ? given.split(',').map((name) => name.trim()) : given;
  const isRegion = (name: unknown) => typeof name === 'string' && /^[a-z]{2}(-[a-z]+)+-\d$/.test(name);
  if (!Array.isArray(names) || names.length === 0 || !names.every(isRegion)) {
    throw bad('regions', given, 'names of AWS regions, as in -c regions=eu-central-1,us-east-1');
  }
  if (new Set(names).size < names.length) throw bad('regions', given, 'each region once: it has one cell');
  return names;
}

function archiveMode(node: Node): CellSettings['archive']['mode'] {
  const given: unknown = node.tryGetContext('archiveMode');
  if (given === 'COMPLIANCE' || given === 'GOVERNANCE') return given;
  throw bad('archiveMode', given, 'COMPLIANCE, or GOVERNANCE in an account for trying things out');
}

function count(node: Node, name: string): number {
  const given: unknown = node.tryGetContext(name);
  const value = typeof given === 'string' ? Number(given) : given;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw bad(name, given, 'a whole number above 0');
}

/** What Secrets Manager takes. */
const rotationDaysMax = 1_000;

function rotationDays(node: Node): number {
  const days = count(node, 'secretRotationDays');
  if (days <= rotationDaysMax) return days;
  throw bad('secretRotationDays', days, `at most ${rotationDaysMax} days`);
}

function text(node: Node, name: string): string {
  const given: unknown = node.tryGetContext(name);
  if (typeof given === 'string' && given !== '') return given;
  throw bad(name, given, 'a text');
}

function bad(name: string, given: unknown, right: string): BadSetting {
  return new BadSetting(
    `context "${name}" of cdk.json or -c is ${JSON.stringify(given)}; it has to be ${right}`,
  );
}
