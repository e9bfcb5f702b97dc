import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ConfigIssue } from '../../domain/config/commands.ts';
import type { Json } from '../../domain/values/json.ts';
import { canonicalJson } from '../event-store/canonical-json.ts';
import type { VersionedConfig } from './port.ts';
import { hotConfigSchema } from './schema.ts';
import { TradingConfig } from './trading-config.ts';

/** The document is not a config: nothing of it is used. The message names every path and what would be right there. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    super(
      `the config cannot be used: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    );
    this.issues = issues;
  }
}

/** A whole document has to fit into one commit, beside who and why. */
export const documentBytesMax = 200_000;
/** Whoever has more to put right asks again. */
const issuesMax = 20;
const messageMax = 300;

const json: z.ZodType<Json> = z.json();

/**
 * Checks the whole document before any of it is used. The version is a digest of the content as it was written: the same config has
 * the same name everywhere.
 */
export function checkConfig(
  document: unknown,
): { readonly checked: VersionedConfig } | { readonly issues: readonly ConfigIssue[] } {
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

function issueOf({ path, message }: z.core.$ZodIssue): ConfigIssue {
  return { path: path.map(String).join('.') || 'document', message: message.slice(0, messageMax) };
}

/** The same. Throws `InvalidConfig`. */
export function checkedConfig(document: unknown): VersionedConfig {
  const result = checkConfig(document);
  if ('issues' in result) throw new InvalidConfig(result.issues);
  return result.checked;
}

/** Names a content. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
