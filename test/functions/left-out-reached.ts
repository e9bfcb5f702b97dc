import * as z from 'zod';

/** Bundled by a test: parses, which a function may, and asks for JSON Schema, which it may not. */
export const parsed: unknown = z.object({ quantity: z.string().min(1) }).parse({ quantity: '2' });
export const describe = (): unknown => z.toJSONSchema(z.string());
