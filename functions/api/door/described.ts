import * as z from 'zod/mini';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

const descriptions = z.registry<{ readonly json: JsonSchema }>();

/** Says in JSON Schema what a schema accepts, where that is decided by code which nothing can be derived from. */
export function describedAs<Schema extends z.ZodMiniType>(schema: Schema, json: JsonSchema): Schema {
  descriptions.add(schema, { json });
  return schema;
}

export function descriptionOf(schema: z.core.$ZodType): JsonSchema | undefined {
  return descriptions.get(schema)?.json;
}
