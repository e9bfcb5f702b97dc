import { z } from 'zod';

/** Every refusal, whatever its reason. */
export const errorSchema = z
  .strictObject({
    code: z.int(),
    message: z.string(),
    reason: z.string(),
    field: z.string().optional(),
    limit: z.string().optional(),
    observed: z.string().optional(),
  })
  .meta({ id: 'Refusal' });
