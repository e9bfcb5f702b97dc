import * as z from 'zod';

/** Every refusal, whatever its reason. */
export const refusalSchema = z
  .strictObject({
    code: z.int(),
    message: z.string(),
    reason: z.string(),
    field: z.string().optional(),
    limit: z.string().optional(),
    observed: z.string().optional(),
  })
  .meta({ id: 'Refusal' });
