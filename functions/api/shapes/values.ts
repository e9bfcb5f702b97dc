import * as z from 'zod/mini';

/** How answers write values. Texts of numbers are exact; times are UTC, in microseconds. */
export const decimalText = z.string().check(z.regex(/^-?\d+(?:\.\d+)?$/));
export const momentText = z
  .string()
  .check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/))
  .register(z.globalRegistry, { format: 'date-time' });
export const dateText = z.iso.date();
export const opaqueId = z.string().check(z.minLength(1));

/** Absent is `null`: every documented field is there. */
export const amountOrNull = z.nullable(decimalText);
export const momentOrNull = z.nullable(momentText);
export const idOrNull = z.nullable(opaqueId);
