import * as z from 'zod/mini';
import type { ApiKey } from '../../../domain/api-key/state.ts';
import { formatTimestamp } from '../../../domain/values/time.ts';
import { venueIdField } from './report-fields.ts';
import { idOrNull, momentOrNull, momentText, opaqueId } from './values.ts';

const opaque = z.string().check(z.regex(/^[\w.@-]{1,64}$/, '1 to 64 letters, digits, . _ @ -'));

/** The body of `POST /v1/keys`. `person_id`: whose key it is, as the firm calls them; no names. Two keys of one person are one person where two are needed. */
export const issueBody = z.discriminatedUnion('role', [
  z.strictObject({
    role: z.literal('client'),
    account_id: z.uuid().check(z.toLowerCase()),
    person_id: z.optional(opaque),
  }),
  z.strictObject({ role: z.literal('venue'), venue_id: venueIdField, person_id: opaque }),
  z.strictObject({ role: z.enum(['operator', 'risk', 'auditor', 'administrator']), person_id: opaque }),
]);
export type IssueBody = z.infer<typeof issueBody>;

const shown = {
  id: opaqueId,
  role: z.enum(['client', 'venue', 'operator', 'risk', 'auditor', 'administrator']),
  account_id: idOrNull,
  venue_id: idOrNull,
  person_id: opaqueId,
  issued_by: opaqueId,
  issued_at: momentText,
  revoked_at: momentOrNull,
};

export const keySchema = z.strictObject(shown).register(z.globalRegistry, { id: 'Key' });
/** The secret is there once: in the answer that issued the key. */
export const issuedKeySchema = z
  .strictObject({ ...shown, secret: z.optional(z.string()) })
  .register(z.globalRegistry, { id: 'IssuedKey' });

export function keyJson(key: ApiKey): z.infer<typeof keySchema> {
  const { keyId, grant, personId, issuedBy, issuedAt, revokedAt } = key;
  return {
    id: keyId,
    role: grant.role,
    account_id: grant.role === 'client' ? grant.accountId : null,
    venue_id: grant.role === 'venue' ? grant.venueId : null,
    person_id: personId,
    issued_by: issuedBy,
    issued_at: formatTimestamp(issuedAt),
    revoked_at: revokedAt === undefined ? null : formatTimestamp(revokedAt),
  };
}
