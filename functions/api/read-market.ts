import { assetJson, assetListQuery, clockJson } from './shapes/market-json.ts';
import { symbolOf } from './shared/assets.ts';
import { parse } from './door/fields.ts';
import { ok, refused } from './door/reply.ts';
import { parameter, query } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';

/** What can be traded, and when. */
export const readMarket: ApiFunction = ({ config, clock }) => ({
  'GET /v2/assets': trading(async (request) => {
    const parsed = parse(assetListQuery, query(request));
    if ('refusal' in parsed) return parsed.refusal;
    const { status, asset_class: assetClass, exchange, attributes } = parsed.value;
    // No asset of ours is inactive, of another class, or has an attribute.
    if (status === 'inactive' || (assetClass ?? 'us_equity') !== 'us_equity' || attributes) return ok([]);
    const assets = [...config.current().config.instruments].map(assetJson);
    return ok(assets.filter((asset) => exchange === undefined || asset.exchange === exchange));
  }),
  'GET /v2/assets/{symbol_or_asset_id}': trading(async (request) => {
    const { config: current } = config.current();
    const instrument = current.instrument(symbolOf(parameter(request, 'symbol_or_asset_id'), current));
    return instrument ? ok(assetJson(instrument)) : refused('asset_not_found');
  }),
  'GET /v2/clock': trading(async () => {
    const { document } = config.current().config;
    const session = document.sessions[document.clockSession];
    return session ? ok(clockJson(session, clock.now())) : refused('not_found');
  }),
});
