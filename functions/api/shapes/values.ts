import * as z from 'zod';

/** How answers write values. Texts of numbers are exact; times are UTC, in microseconds. */
export const decimalText = z.string().regex(/^-?\d+(?:\.\d+)?$/);
export const momentText = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/)
  .meta({ format: 'date-time' });
export const dateText = z.iso.date();
export const opaqueId = z.string().min(1);

/** Absent is `null`: every documented field is there. */
export const amountOrNull = decimalText.nullable();
export const momentOrNull = momentText.nullable();
export const idOrNull = opaqueId.nullable();
