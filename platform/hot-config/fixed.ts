import { createHash } from 'node:crypto';
import { canonicalJson } from '../event-store/canonical-json.ts';
import type { HotConfig, VersionedConfig } from './port.ts';
import { hotConfigSchema } from './schema.ts';
import { TradingConfig } from './trading-config.ts';

/** The document is not a config: nothing of it is used. The message names every path and what would be right there. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
}

/** Throws `InvalidConfig`. The version is a digest of the content: the same config has the same name everywhere. */
export function checkedConfig(document: unknown): VersionedConfig {
  const parsed = hotConfigSchema.safeParse(document);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'document'}: ${message}`,
    );
    throw new InvalidConfig(`the config cannot be used: ${issues.join('; ')}`);
  }
  const digest = createHash('sha256').update(canonicalJson(parsed.data)).digest('base64url');
  return { config: new TradingConfig(parsed.data), version: digest.slice(0, 12) };
}

/** One config for as long as the process lives: the seeded file of an embedded cell, and tests. */
export class FixedConfig implements HotConfig {
  readonly #current: VersionedConfig;

  constructor(document: unknown) {
    this.#current = checkedConfig(document);
  }

  current(): VersionedConfig {
    return this.#current;
  }
}
