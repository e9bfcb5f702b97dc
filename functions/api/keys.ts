import { accountStream } from '../../domain/account/state.ts';
import type { Grant } from '../../domain/api-key/commands.ts';
import { keysOwner } from '../../domain/api-key/effects.ts';
import type { ApiKey } from '../../domain/api-key/state.ts';
import { accountId } from '../../domain/values/ids.ts';
import type { Deadline } from '../../platform/deadline/deadline.ts';
import type { IssuedOnce, IssueRequest, KeyRing } from '../../platform/keys/key-ring.ts';
import { isKeyOf } from '../../platform/keys/secret.ts';
import type { Door, Reaching } from '../dependencies.ts';
import type { OperatorCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { noContent, ok, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey, parameter } from './door/request.ts';
import { type IssueBody, issueBody, keyJson } from './shapes/key-json.ts';
import { type ApiFunction, operating } from './door/routes.ts';

type Needs = Reaching<'accounts'> & Pick<Door, 'keys'>;

/** Issues and revokes API keys. A secret is shown once, by the answer that made it. */
export const keys: ApiFunction<Needs> = (dependencies) => {
  const { keys: ring, accounts } = dependencies;
  return {
    'POST /v1/keys': operating(async (request) => {
      const parsed = parse(issueBody, request.body);
      if ('refusal' in parsed) return parsed.refusal;
      const grant = grantOf(parsed.value);
      if (grant.role === 'client') {
        const { state } = await accounts.load(accountStream(grant.accountId), request.deadline);
        if (state.kind !== 'account') return refused('account_not_found');
      }
      const personId = parsed.value.person_id ?? (grant.role === 'client' ? grant.accountId : '');
      const issued = await issue(ring, request, { grant, personId, issuedBy: request.caller.personId });
      if (issued.outcome === 'key-reused') return refused('idempotency_key_reused');
      const key = await ring.find(issued.keyId, request.deadline);
      if (!key) return refused('key_not_found');
      if (issued.outcome === 'replayed') return replayed({ status: 201, body: keyJson(key) });
      return { status: 201, body: { ...keyJson(key), secret: issued.secret } };
    }),
    'GET /v1/keys': operating(async ({ deadline }) =>
      ok((await everyKey(dependencies, deadline)).map(keyJson)),
    ),
    'DELETE /v1/keys/{key_id}': operating(async (request) => {
      const key = await ring.find(parameter(request, 'key_id'), request.deadline);
      if (!key) return refused('key_not_found');
      return (await revoke(dependencies, request, key)) ? noContent : refused('last_administrator_key');
    }),
  };
};

async function everyKey({ keys: ring, store }: Needs, deadline: Deadline): Promise<readonly ApiKey[]> {
  const items = await store.readItems(keysOwner, deadline);
  const found = await Promise.all([...items.keys()].map((keyId) => ring.find(keyId, deadline)));
  return found.filter((key) => key !== undefined);
}

/** False when nobody could administer the cell without it: then it stays in force. */
async function revoke(
  dependencies: Needs,
  request: ApiRequest<OperatorCaller>,
  key: ApiKey,
): Promise<boolean> {
  const { keys: ring, cell } = dependencies;
  const by = request.caller.personId;
  const context = contextOf(request);
  if (!administers(key, cell)) return ring.revoke(key.keyId, by, context);
  for (const other of await everyKey(dependencies, request.deadline)) {
    const mayBeKept = other.keyId !== key.keyId && administers(other, cell);
    if (mayBeKept && (await ring.revoke(key.keyId, by, context, other.keyId))) return true;
  }
  return false;
}

/** An id that does not tell this cell opens nothing here. */
function administers({ keyId, grant, revokedAt }: ApiKey, cell: string): boolean {
  return grant.role === 'administrator' && revokedAt === undefined && isKeyOf(keyId, cell);
}

/** With an Idempotency-Key one key, however often it is asked for; without, a new one every time. */
async function issue(
  ring: KeyRing,
  request: ApiRequest<OperatorCaller>,
  asked: IssueRequest,
): Promise<IssuedOnce> {
  const key = idempotencyKey(request);
  if (key === undefined) return { outcome: 'issued', ...(await ring.issue(asked, contextOf(request))) };
  const name = JSON.stringify([request.caller.personId, key]);
  const content = { grant: asked.grant, personId: asked.personId };
  const context = contextOf(request);
  return ring.issueOnce(name, asked, { ...context, key: commandKey(key, content) });
}

function grantOf(body: IssueBody): Grant {
  if (body.role === 'client') return { role: body.role, accountId: accountId(body.account_id) };
  if (body.role === 'venue') return { role: body.role, venueId: body.venue_id };
  return { role: body.role };
}
