import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../platform/hot-config/json-schema.ts';

/** Writes docs/config.schema.json anew. A test holds it to the code. */
writeFileSync(join(import.meta.dirname, 'config.schema.json'), configJsonSchema());
