import { accountItem } from '../../domain/account/holdings.ts';
import { accountStream } from '../../domain/account/state.ts';
import { accountJson } from './shapes/account-json.ts';
import { symbolOf } from './shared/assets.ts';
import type { TradingCaller } from './door/caller.ts';
import { type Holding, holdingsOf } from './shared/holdings.ts';
import { positionJson } from './shapes/position-json.ts';
import { ok, refused } from './door/reply.ts';
import { type ApiRequest, parameter } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';

/** What the caller's account has. */
export const readAccount: ApiFunction = (dependencies) => {
  const { store, views, config } = dependencies;
  const holdings = async ({ caller, deadline }: ApiRequest<TradingCaller>): Promise<readonly Holding[]> =>
    holdingsOf(dependencies, await store.readItems(caller.accountId, deadline), deadline);
  return {
    'GET /v2/account': trading(async (request) => {
      const { accountId } = request.caller;
      const { state } = await dependencies.accounts.load(accountStream(accountId), request.deadline);
      const items = await store.readItems(accountId, request.deadline);
      const item = items.get(accountItem(accountId).name);
      if (state.kind !== 'account' || !item) return refused('account_not_found');
      return ok(accountJson(state, item, await holdingsOf(dependencies, items, request.deadline)));
    }),
    'GET /v2/positions': trading(async (request) => {
      const rows = await views.positions(request.caller.accountId, request.deadline);
      const bySymbol = new Map(rows.map((row) => [row.symbol, row]));
      const held = await holdings(request);
      return ok(held.map((one) => positionJson(one, bySymbol.get(one.instrument.entry.symbol))));
    }),
    'GET /v2/positions/{symbol_or_asset_id}': trading(async (request) => {
      const symbol = symbolOf(parameter(request, 'symbol_or_asset_id'), config.current().config);
      const holding = (await holdings(request)).find(({ instrument }) => instrument.entry.symbol === symbol);
      if (!holding) return refused('position_not_found');
      return ok(
        positionJson(holding, await views.position(request.caller.accountId, symbol, request.deadline)),
      );
    }),
  };
};
