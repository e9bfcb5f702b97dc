import type { KillSwitchScope } from '../../domain/kill-switch/scope.ts';
import { findSwitch } from '../../domain/kill-switch/state.ts';
import type { Reaching } from '../dependencies.ts';
import type { OperatorCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { ok, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey, parameter } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';
import { approvalJson } from './shapes/approval-json.ts';
import {
  type KillSwitchBody,
  killSwitchBody,
  killSwitchJson,
  killSwitchReply,
} from './shapes/kill-switch-json.ts';
import { accountInPath } from './shared/account-lookup.ts';
import { askedBefore, askSecondPerson } from './shared/approval-requests.ts';

type Needs = Reaching<'accounts' | 'approvals' | 'killSwitch'>;

type Request = ApiRequest<OperatorCaller>;

/** Stops trading at once; lets it go on only with a second person. */
export const killSwitches: ApiFunction<Needs> = (dependencies) => ({
  'GET /v1/kill-switches': operating(({ deadline }) => list(dependencies, deadline)),
  'PUT /v1/kill-switches/firm': operating((request) => put(dependencies, request, { of: 'firm' })),
  'PUT /v1/kill-switches/accounts/{account_id}': operating(async (request) => {
    const account = await accountInPath(dependencies, request);
    if (!account) return refused('account_not_found');
    return put(dependencies, request, { of: 'account', accountId: account.accountId });
  }),
  'PUT /v1/kill-switches/instruments/{symbol}': operating(async (request) => {
    const symbol = parameter(request, 'symbol');
    const scope = { of: 'instrument', symbol } as const;
    const isKnown = dependencies.config.current().config.instrument(symbol) !== undefined;
    // One that is no instrument any more can still be released.
    const isThrown = async () =>
      findSwitch((await dependencies.killSwitch.load(request.deadline)).thrown, scope) !== undefined;
    if (!isKnown && !(await isThrown())) return refused('asset_not_found');
    return put(dependencies, request, scope);
  }),
});

async function list({ killSwitch, config }: Needs, deadline: Request['deadline']): Promise<Reply> {
  const state = await killSwitch.load(deadline);
  return ok({
    version: state.version,
    thrown: state.thrown.map(({ scope }) => killSwitchJson(state, scope)),
    in_config: config.current().config.document.switches,
  });
}

async function put(dependencies: Needs, request: Request, scope: KillSwitchScope): Promise<Reply> {
  const parsed = parse(killSwitchBody, request.body);
  if ('refusal' in parsed) return parsed.refusal;
  const wanted = parsed.value;
  const { thrown } = await dependencies.killSwitch.load(request.deadline);
  const known = findSwitch(thrown, scope);
  const isEased = wanted.on && wanted.allow_reducing && known?.allowReducing === false;
  if (wanted.on && !isEased) return throwSwitch(dependencies, request, scope, wanted);
  if (!known) {
    const before = await askedBefore(dependencies, request);
    const isRepeat = before?.action === 'release-kill-switch';
    if (!isRepeat) return refused('kill_switch_not_thrown');
    return replayed({ status: 202, body: { approval: approvalJson(before) } });
  }
  const to = isEased ? 'reduce-only' : 'off';
  return askSecondPerson(dependencies, request, {
    action: 'release-kill-switch',
    subject: dependencies.killSwitch.stream,
    request: { scope, to, thrown: known.thrown, reason: wanted.reason },
  });
}

async function throwSwitch(
  { killSwitch }: Needs,
  request: Request,
  scope: KillSwitchScope,
  { reason, allow_reducing: allowReducing }: Extract<KillSwitchBody, { on: true }>,
): Promise<Reply> {
  const by = request.caller.personId;
  const key = idempotencyKey(request);
  const content = { throw: scope, reason, allowReducing };
  const outcome = await killSwitch.change(
    { do: 'throw', scope, allowReducing, reason, by },
    contextOf(request, key === undefined ? {} : { key: commandKey(`${by} ${key}`, content) }),
  );
  return killSwitchReply(outcome, scope);
}
