import * as z from 'zod/mini';
import { time } from './order-fields.ts';

/** For what can be read as it was: by the commits made at or before a moment. */
export const asOfField = { as_of: z.optional(time) };

export const asOfQuery = z.strictObject(asOfField);
