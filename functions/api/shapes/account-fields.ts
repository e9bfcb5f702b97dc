import * as z from 'zod';
import { currencies } from '../../../domain/values/money.ts';
import { opaqueId } from './values.ts';

/** The body of `POST /v1/accounts`. Who the account is for is not asked: names live elsewhere, so that they can be erased. */
export const openAccountBody = z.strictObject({ currency: z.literal(currencies).default('USD') });

/** The body of `POST /v1/accounts/{account_id}/halt`. */
export const haltBody = z.strictObject({ reason: z.string().min(1).max(500) });

/** For routes whose path says everything. */
export const emptyBody = z.strictObject({});

export const accountStatusSchema = z
  .strictObject({ id: opaqueId, status: z.enum(['active', 'halted', 'closed']) })
  .meta({ id: 'AccountStatus' });
