import { localTime } from '../../platform/hot-config/local-time.ts';
import { marketDays } from '../../platform/hot-config/sessions.ts';
import { assetJson, assetListQuery, clockJson } from './shapes/market-json.ts';
import { calendarJson, calendarQuery } from './shapes/calendar-json.ts';
import { symbolOf } from './shared/assets.ts';
import { parse } from './door/fields.ts';
import { ok, refused } from './door/reply.ts';
import { parameter, query } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';

/** A day is a line: more of them are more than anybody plans for. */
const calendarYearsMax = 10;

function yearsAfter(date: string, years: number): string {
  const [year = '', ...rest] = date.split('-');
  return [String(Number(year) + years).padStart(4, '0'), ...rest].join('-');
}

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
  'GET /v2/calendar': trading(async (request) => {
    const parsed = parse(calendarQuery, query(request));
    if ('refusal' in parsed) return parsed.refusal;
    const { document } = config.current().config;
    const session = document.sessions[document.clockSession];
    if (!session) return refused('not_found');
    const zone = session.kind === 'hours' ? session.timeZone : document.dayTimeZone;
    const { start = localTime(clock.now(), zone).date } = parsed.value;
    const { end = yearsAfter(start, 1) } = parsed.value;
    const last = yearsAfter(start, calendarYearsMax);
    if (end > last) return refused('field_invalid', { field: 'end', hint: `at most ${last}`, observed: end });
    return ok(calendarJson(marketDays(session, start, end)));
  }),
  'GET /v2/clock': trading(async () => {
    const { document } = config.current().config;
    const session = document.sessions[document.clockSession];
    return session ? ok(clockJson(session, clock.now())) : refused('not_found');
  }),
});
