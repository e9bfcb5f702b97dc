import * as z from 'zod/mini';
import type { ConfigIssue } from '../../domain/config/commands.ts';
import type { ConfigState } from '../../domain/config/state.ts';
import type { Json } from '../../domain/values/json.ts';
import { canonicalJson } from '../event-store/canonical-json.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import { digestOf, isContentOf } from './content.ts';
import type { VersionedConfig } from './port.ts';
import { hotConfigSchema } from './schema.ts';
import { TradingConfig } from './trading-config.ts';
import { unlistedSymbols } from './unlisted-symbols.ts';

/** The document is not a config: nothing of it is used. The message names every path and what would be right there. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[], options?: ErrorOptions) {
    super(
      `the config cannot be used: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
      options,
    );
    this.issues = issues;
  }
}

/** A whole document has to fit into one commit, beside who and why. */
export const documentBytesMax = 200_000;
/** Whoever has more to put right asks again. */
const issuesMax = 20;
const messageMax = 300;

const json: z.ZodMiniType<Json> = z.json();

type Checked = { readonly checked: VersionedConfig } | { readonly issues: readonly ConfigIssue[] };

/**
 * Checks the whole document before any of it is used. The version is a digest of the content as it was written: the same config has
 * the same name everywhere.
 */
export function checkConfig(document: unknown): Checked {
  const result = readConfig(document);
  if ('issues' in result) return result;
  const unlisted = unlistedSymbols(result.checked.config.document);
  return unlisted.length > 0 ? { issues: unlisted.slice(0, issuesMax) } : result;
}

/** What a config may say, whenever it was put in force. */
function readConfig(document: unknown): Checked {
  const asJson = json.safeParse(document);
  if (!asJson.success) return { issues: [{ path: 'document', message: 'is not JSON' }] };
  const canonical = canonicalJson(asJson.data);
  const bytes = Buffer.byteLength(canonical);
  if (bytes > documentBytesMax) {
    const message = `at most ${documentBytesMax} bytes without white space, not ${bytes}`;
    return { issues: [{ path: 'document', message }] };
  }
  const parsed = hotConfigSchema.safeParse(asJson.data);
  if (!parsed.success) return { issues: parsed.error.issues.slice(0, issuesMax).map(issueOf) };
  const version = digestOf(canonical);
  return { checked: { config: new TradingConfig(parsed.data), version, document: asJson.data } };
}

function issueOf(issue: z.core.$ZodIssue): ConfigIssue {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...unknown].map(String).join('.') || 'document';
  return { path, message: hintOf(issue).slice(0, messageMax) };
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
  record: 'a JSON object',
  int: 'a whole number',
  number: 'a number',
};

/** What would be right. A schema's own words say it already; Zod's are for programmers. */
function hintOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'there is no such member';
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.message;
    case 'too_small':
      return `at least ${issue.minimum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'too_big':
      return `at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return 'options' in issue && issue.options
        ? `one of ${issue.options.map(String).join(', ')}`
        : issue.message;
    case 'invalid_key':
      return issue.issues[0] ? hintOf(issue.issues[0]) : issue.message;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    default:
      return issue.message;
  }
}

/** The same. Throws `InvalidConfig`. */
export function checkedConfig(document: unknown): VersionedConfig {
  return usable(checkConfig(document));
}

function usable(result: Checked): VersionedConfig {
  if ('issues' in result) throw new InvalidConfig(result.issues);
  return result.checked;
}

/** What is on record, from before symbols were compared too: what was in force once can be read for ever. Throws `CorruptCommit` where it is not the content its version names, and `InvalidConfig`. */
export function recordedConfig({ version, document }: Recorded): VersionedConfig {
  if (!isContentOf(version, document))
    throw new CorruptCommit(`the config on record as ${version} is not the content of that name`);
  return usable(readConfig(document));
}

type Recorded = Extract<ConfigState, { kind: 'config' }>;
