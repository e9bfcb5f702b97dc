import { z } from 'zod';
import { accountStream } from '../../domain/account/state.ts';
import type { Grant } from '../../domain/api-key/commands.ts';
import { keysOwner } from '../../domain/api-key/effects.ts';
import type { ApiKey } from '../../domain/api-key/state.ts';
import { accountId } from '../../domain/values/ids.ts';
import { formatTimestamp } from '../../domain/values/time.ts';
import { parse } from './door/fields.ts';
import { noContent, ok, refused } from './door/reply.ts';
import { contextOf, parameter } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';

const opaque = z.string().regex(/^[\w.@-]{1,64}$/, '1 to 64 letters, digits, . _ @ -');

/** `person_id`: whose key it is, as the firm calls them; no names. Two keys of one person are one person where two are needed. */
const issueBody = z.discriminatedUnion('role', [
  z.strictObject({
    role: z.literal('client'),
    account_id: z.uuid().toLowerCase(),
    person_id: opaque.optional(),
  }),
  z.strictObject({ role: z.literal('venue'), venue_id: opaque, person_id: opaque }),
  z.strictObject({ role: z.enum(['operator', 'risk', 'auditor', 'administrator']), person_id: opaque }),
]);
type IssueBody = z.infer<typeof issueBody>;

/** Issues and revokes API keys. A secret is shown once, by the answer that made it. */
export const keys: ApiFunction = ({ keys: ring, accounts, store }) => ({
  'POST /v1/keys': operating(async (request) => {
    const parsed = parse(issueBody, request.body);
    if ('refusal' in parsed) return parsed.refusal;
    const grant = grantOf(parsed.value);
    if (grant.role === 'client') {
      const { state } = await accounts.load(accountStream(grant.accountId), request.deadline);
      if (state.kind !== 'account') return refused('account_not_found');
    }
    const personId = parsed.value.person_id ?? (grant.role === 'client' ? grant.accountId : '');
    const issued = await ring.issue(
      { grant, personId, issuedBy: request.caller.personId },
      contextOf(request),
    );
    const key = await ring.find(issued.keyId, request.deadline);
    return key ? { status: 201, body: { ...keyJson(key), secret: issued.secret } } : refused('key_not_found');
  }),
  'GET /v1/keys': operating(async ({ deadline }) => {
    const items = await store.readItems(keysOwner, deadline);
    const found = await Promise.all([...items.keys()].map((keyId) => ring.find(keyId, deadline)));
    return ok(found.filter((key) => key !== undefined).map(keyJson));
  }),
  'DELETE /v1/keys/{key_id}': operating(async (request) => {
    const keyId = parameter(request, 'key_id');
    const isKey = await ring.revoke(keyId, request.caller.personId, contextOf(request));
    return isKey ? noContent : refused('key_not_found');
  }),
});

function grantOf(body: IssueBody): Grant {
  if (body.role === 'client') return { role: body.role, accountId: accountId(body.account_id) };
  if (body.role === 'venue') return { role: body.role, venueId: body.venue_id };
  return { role: body.role };
}

function keyJson({ keyId, grant, personId, issuedBy, issuedAt, revokedAt }: ApiKey) {
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
