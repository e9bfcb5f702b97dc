import { accountStream } from '../../domain/account/state.ts';
import type { Dependencies, Reaching } from '../dependencies.ts';
import type { TradingCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { ok, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';
import { askedOf, configurationBody, configurationJson } from './shapes/configuration-json.ts';
import { refusedBy } from './shared/outcomes.ts';

type Needs = Reaching<'accounts'>;

/** What the owner of an account decides about it. */
export const accountConfigurations: ApiFunction<Needs> = (dependencies) => ({
  'GET /v2/account/configurations': trading(async ({ caller, deadline }) => {
    const { state } = await dependencies.accounts.load(accountStream(caller.accountId), deadline);
    return state.kind === 'account'
      ? ok(configurationJson(state.configuration))
      : refused('account_not_found');
  }),
  'PATCH /v2/account/configurations': trading((request) => configure(dependencies, request)),
});

async function configure(
  { accounts }: Pick<Dependencies, 'accounts'>,
  request: ApiRequest<TradingCaller>,
): Promise<Reply> {
  const parsed = parse(configurationBody, request.body === undefined ? {} : request.body);
  if ('refusal' in parsed) return parsed.refusal;
  const asked = askedOf(parsed.value);
  const key = idempotencyKey(request);
  const outcome = await accounts.handle(
    accountStream(request.caller.accountId),
    { do: 'configure', asked },
    contextOf(request, key === undefined ? {} : { key: commandKey(key, { configure: asked }) }),
  );
  if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
  const { state } = outcome;
  if (state.kind !== 'account') return refused('account_not_found');
  const events = outcome.outcome === 'unchanged' ? [] : outcome.events;
  const refusal = events.find((event) => event.type === 'AccountChangeRefused');
  const reply = refusal ? refusedBy(refusal.data) : ok(configurationJson(state.configuration));
  return outcome.outcome === 'replayed' ? replayed(reply) : reply;
}
