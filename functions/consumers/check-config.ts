import { InvalidConfig, checkedConfig } from '../../platform/hot-config/check.ts';

/** What AppConfig asks its validator. */
export interface ConfigToCheck {
  /** The document, in base64. */
  readonly content: string;
}

/**
 * Whether a document can be a config, by the very rules of the cell, of which JSON Schema can only say a part. AppConfig takes what is
 * thrown for a refusal: `InvalidConfig`, with every path and what would be right there.
 */
export async function checkConfigToCome({ content }: ConfigToCheck): Promise<void> {
  checkedConfig(jsonOf(Buffer.from(content, 'base64').toString('utf8')));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidConfig([{ path: 'document', message: 'is not JSON' }], { cause });
  }
}
