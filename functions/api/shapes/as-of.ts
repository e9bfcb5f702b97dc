import * as z from 'zod';
import { time } from './order-fields.ts';

/** For what can be read as it was: by the commits made at or before a moment. */
export const asOfField = { as_of: time.optional() };

export const asOfQuery = z.strictObject(asOfField);
