import * as z from 'zod/mini';

/** Every refusal, whatever its reason. */
export const refusalSchema = z
  .strictObject({
    code: z.int(),
    message: z.string(),
    reason: z.string(),
    field: z.optional(z.string()),
    limit: z.optional(z.string()),
    observed: z.optional(z.string()),
  })
  .register(z.globalRegistry, { id: 'Refusal' });
