import { accountItem } from '../../domain/account/holdings.ts';
import { accountStream } from '../../domain/account/state.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { PositionRow } from '../../platform/views/port.ts';
import type { Reaching } from '../dependencies.ts';
import type { TradingCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { ok, type Reply, refused } from './door/reply.ts';
import { type ApiRequest, parameter, query } from './door/request.ts';
import { type ApiFunction, type RouteHandler, trading } from './door/routes.ts';
import { accountJson } from './shapes/account-json.ts';
import { asOfQuery } from './shapes/as-of.ts';
import { positionJson } from './shapes/position-json.ts';
import { symbolOf } from './shared/assets.ts';
import { type Holding, holdingsOf } from './shared/holdings.ts';
import { pastAccount } from './shared/past-account.ts';

type Needs = Reaching<'accounts' | 'prices' | 'views'>;

type Request = ApiRequest<TradingCaller>;

/** What an account holds, with what its trades came to. */
interface Held {
  readonly holdings: readonly Holding[];
  readonly positions: ReadonlyMap<string, PositionRow>;
}

/** What the caller's account has, or had as of a moment. */
export const readAccount: ApiFunction<Needs> = (dependencies) => {
  const asOf = (work: (request: Request, at: Timestamp | undefined) => Promise<Reply>): RouteHandler =>
    trading(async (request) => {
      const parsed = parse(asOfQuery, query(request));
      return 'refusal' in parsed ? parsed.refusal : work(request, parsed.value.as_of);
    });
  return {
    'GET /v2/account': asOf((request, at) =>
      at === undefined ? accountNow(dependencies, request) : accountThen(dependencies, request, at),
    ),
    'GET /v2/positions': asOf(async (request, at) => {
      const held = await heldAt(dependencies, request, at);
      if ('refusal' in held) return held.refusal;
      return ok(held.holdings.map((one) => shown(one, held)));
    }),
    'GET /v2/positions/{symbol_or_asset_id}': asOf(async (request, at) => {
      const { config } = dependencies.config.current();
      const symbol = symbolOf(parameter(request, 'symbol_or_asset_id'), config);
      const held = await heldAt(dependencies, request, at);
      if ('refusal' in held) return held.refusal;
      const holding = held.holdings.find(({ instrument }) => instrument.entry.symbol === symbol);
      return holding ? ok(shown(holding, held)) : refused('position_not_found');
    }),
  };
};

async function accountNow(dependencies: Needs, { caller, deadline }: Request): Promise<Reply> {
  const { accountId } = caller;
  const { state } = await dependencies.accounts.load(accountStream(accountId), deadline);
  const items = await dependencies.store.readItems(accountId, deadline);
  const item = items.get(accountItem(accountId).name);
  if (state.kind !== 'account' || !item) return refused('account_not_found');
  return ok(accountJson(state, item, await holdingsOf(dependencies, items, deadline)));
}

async function accountThen(
  dependencies: Needs,
  { caller, deadline }: Request,
  at: Timestamp,
): Promise<Reply> {
  const past = await pastAccount(dependencies, caller.accountId, at, deadline);
  if ('refusal' in past) return past.refusal;
  const item = past.items.get(accountItem(caller.accountId).name);
  return item ? ok(accountJson(past.account, item, past.holdings)) : refused('account_not_found');
}

async function heldAt(
  dependencies: Needs,
  { caller, deadline }: Request,
  at: Timestamp | undefined,
): Promise<Held | { readonly refusal: Reply }> {
  const { accountId } = caller;
  if (at !== undefined) return pastAccount(dependencies, accountId, at, deadline);
  const rows = await dependencies.views.positions(accountId, deadline);
  const items = await dependencies.store.readItems(accountId, deadline);
  return {
    holdings: await holdingsOf(dependencies, items, deadline),
    positions: new Map(rows.map((row) => [row.symbol, row])),
  };
}

function shown(holding: Holding, { positions }: Held) {
  return positionJson(holding, positions.get(holding.instrument.entry.symbol));
}
