import * as z from 'zod/mini';
import { currencies } from '../../../domain/values/money.ts';
import { opaqueId } from './values.ts';

/** The body of `POST /v1/accounts`. Who the account is for is not asked: names live elsewhere, so that they can be erased. */
export const openAccountBody = z.strictObject({ currency: z._default(z.literal(currencies), 'USD') });

/** The body of `POST /v1/accounts/{account_id}/halt`. */
export const haltBody = z.strictObject({ reason: z.string().check(z.minLength(1), z.maxLength(500)) });

/** For routes whose path says everything. */
export const emptyBody = z.strictObject({});

export const accountStatusSchema = z
  .strictObject({ id: opaqueId, status: z.enum(['active', 'halted', 'closed']) })
  .register(z.globalRegistry, { id: 'AccountStatus' });
