import * as z from 'zod/mini';
import { descriptionOf, type JsonSchema } from '../door/described.ts';

type Override = NonNullable<z.core.JSONSchemaGeneratorParams['override']>;

/** JSON Schemas of ours, with what several of them share among the document's components. */
export class JsonSchemas {
  readonly components = new Map<string, JsonSchema>();

  /** What is accepted: as it is sent, before anything is made of it. */
  accepted(schema: z.ZodMiniType): JsonSchema {
    return this.#converted(schema, 'input');
  }

  /** What is answered. */
  answered(schema: z.ZodMiniType): JsonSchema {
    return this.#converted(schema, 'output');
  }

  #converted(schema: z.ZodMiniType, io: 'input' | 'output'): JsonSchema {
    const { $schema: _dialect, $defs: shared = {}, ...json } = z.toJSONSchema(schema, { io, override });
    for (const [name, definition] of Object.entries(shared)) {
      if (typeof definition === 'object') this.components.set(name, pointed(definition));
    }
    return pointed(json);
  }
}

/** What zod cannot know is said beside the schema; that a value is frozen here is nobody's business. */
const override: Override = ({ zodSchema, jsonSchema }) => {
  const described = descriptionOf(zodSchema);
  if (described) {
    for (const name of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, name);
    Object.assign(jsonSchema, described);
  }
  delete jsonSchema.readOnly;
};

/** The same, pointing at the document's components instead of at definitions of its own. */
function pointed(json: JsonSchema): JsonSchema {
  const text = JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/');
  const value: JsonSchema = JSON.parse(text);
  return value;
}
