import { accountItem } from '../../domain/account/holdings.ts';
import { type Account, accountStream } from '../../domain/account/state.ts';
import { accountId } from '../../domain/values/ids.ts';
import { uuidV5 } from '../../platform/ids/uuid.ts';
import type { Reaching } from '../dependencies.ts';
import { openAccountBody } from './shapes/account-fields.ts';
import { accountJson } from './shapes/account-json.ts';
import { accountInPath } from './shared/account-lookup.ts';
import { parse } from './door/fields.ts';
import { holdingsOf } from './shared/holdings.ts';
import { positionJson } from './shapes/position-json.ts';
import { ok, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';

type Needs = Reaching<'accounts' | 'prices' | 'views'>;

/** Namespace of account ids made from idempotency keys. Never changes. */
const namespace = '8d6f2f0e-7f0b-5f3a-9f6d-2a6b7d0f4c51';

/** Opens accounts and shows what they have. */
export const accounts: ApiFunction<Needs> = (dependencies) => ({
  'POST /v1/accounts': operating(async (request) => {
    const parsed = parse(openAccountBody, request.body === undefined ? {} : request.body);
    if ('refusal' in parsed) return parsed.refusal;
    const key = idempotencyKey(request);
    const { personId } = request.caller;
    const id = uuidV5(
      namespace,
      key === undefined ? dependencies.random.id() : JSON.stringify([personId, key]),
    );
    const outcome = await dependencies.accounts.handle(
      accountStream(id),
      { do: 'open', accountId: accountId(id), currency: parsed.value.currency },
      contextOf(request, { expectNew: true, key: commandKey(key ?? id, parsed.value) }),
    );
    if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
    if (outcome.state.kind !== 'account') return refused('account_not_found');
    const reply = await shown(dependencies, request, outcome.state);
    return outcome.outcome === 'committed' ? reply : replayed(reply);
  }),
  'GET /v1/accounts/{account_id}': operating(async (request) => {
    const account = await accountInPath(dependencies, request);
    return account ? shown(dependencies, request, account) : refused('account_not_found');
  }),
  'GET /v1/accounts/{account_id}/positions': operating(async (request) => {
    const account = await accountInPath(dependencies, request);
    if (!account) return refused('account_not_found');
    const { deadline } = request;
    const items = await dependencies.store.readItems(account.accountId, deadline);
    const rows = await dependencies.views.positions(account.accountId, deadline);
    const bySymbol = new Map(rows.map((row) => [row.symbol, row]));
    const holdings = await holdingsOf(dependencies, items, deadline);
    return ok(holdings.map((one) => positionJson(one, bySymbol.get(one.instrument.entry.symbol))));
  }),
});

async function shown(dependencies: Needs, { deadline }: ApiRequest, account: Account): Promise<Reply> {
  const items = await dependencies.store.readItems(account.accountId, deadline);
  const item = items.get(accountItem(account.accountId).name);
  if (!item) return refused('account_not_found');
  return ok(accountJson(account, item, await holdingsOf(dependencies, items, deadline)));
}
