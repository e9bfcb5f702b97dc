import { findSwitch } from '../../domain/kill-switch/state.ts';
import { localTime } from '../../platform/hot-config/local-time.ts';
import { breachesMax } from '../../platform/surveillance/port.ts';
import { watchOf } from '../../platform/surveillance/watch.ts';
import type { Reaching } from '../dependencies.ts';
import type { OperatorCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { ok, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, parameter, query } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';
import { approvalJson } from './shapes/approval-json.ts';
import { breachListJson, breachListQuery, reEnableBody } from './shapes/surveillance-json.ts';
import { watchedAccountJson } from './shapes/watched-account-json.ts';
import { accountInPath } from './shared/account-lookup.ts';
import { askedBefore, askSecondPerson } from './shared/approval-requests.ts';

type Needs = Reaching<'accounts' | 'approvals' | 'killSwitch' | 'surveillance'>;

type Request = ApiRequest<OperatorCaller>;

/** What accounts come to against their limits, which of these were crossed, and what was done. */
export const surveillance: ApiFunction<Needs> = (dependencies) => ({
  'GET /v1/surveillance/accounts/{account_id}': operating(async (request) => {
    const account = await accountInPath(dependencies, request);
    if (!account) return refused('account_not_found');
    const { accountId } = account;
    const figures = await dependencies.surveillance.figures(accountId, request.deadline);
    const watch = watchOf(dependencies.config.current());
    const now = dependencies.clock.now();
    const day = localTime(now, watch.dayTimeZone).date;
    return ok(watchedAccountJson(accountId, figures, watch, { now, day }));
  }),
  'GET /v1/surveillance/breaches': operating(async (request) => {
    const parsed = parse(breachListQuery, query(request));
    if ('refusal' in parsed) return parsed.refusal;
    const { account_id: accountId, page_token: before } = parsed.value;
    const asked = {
      limit: breachesMax,
      ...(accountId !== undefined && { accountId }),
      ...(before !== undefined && { before }),
    };
    return ok(breachListJson(await dependencies.surveillance.breaches(asked, request.deadline)));
  }),
  'POST /v1/surveillance/strategies/{account_id}/{strategy_id}/re-enable': operating(async (request) => {
    const account = await accountInPath(dependencies, request);
    return account ? reEnable(dependencies, request, account.accountId) : refused('account_not_found');
  }),
});

/** A strategy is stopped by a kill switch of its own; letting it go on takes a second person, as with every other. */
async function reEnable(dependencies: Needs, request: Request, accountId: string): Promise<Reply> {
  const parsed = parse(reEnableBody, request.body);
  if ('refusal' in parsed) return parsed.refusal;
  const { killSwitch } = dependencies;
  const scope = { of: 'strategy', accountId, strategyId: parameter(request, 'strategy_id') } as const;
  const known = findSwitch((await killSwitch.load(request.deadline)).thrown, scope);
  if (!known) {
    const before = await askedBefore(dependencies, request);
    if (before?.action !== 'release-kill-switch') return refused('strategy_not_stopped');
    return replayed({ status: 202, body: { approval: approvalJson(before) } });
  }
  return askSecondPerson(dependencies, request, {
    action: 'release-kill-switch',
    subject: killSwitch.stream,
    request: { scope, to: 'off', thrown: known.thrown, reason: parsed.value.reason },
  });
}
