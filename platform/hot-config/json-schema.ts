import * as z from 'zod/mini';
import { hotConfigSchema } from './schema.ts';

/** From the API reference of AWS AppConfig, `Validator`. */
export const jsonSchemaCharactersMax = 32_768;

/**
 * The shape of a config as JSON Schema of draft 4, which is the one that AppConfig knows. It says less than `checkConfig`: nothing of
 * what members have to do with each other, of time zones, and of how fine a decimal may be.
 */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(hotConfigSchema, {
    target: 'draft-4',
    io: 'input',
    unrepresentable: 'any',
    reused: 'ref',
  });
  return `${JSON.stringify(schema)}\n`;
}
