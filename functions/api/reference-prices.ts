import { parsePrice } from '../../domain/instrument/instrument.ts';
import type { QuotedPrice } from '../../platform/reference-prices/reference-prices.ts';
import type { Reaching } from '../dependencies.ts';
import { parse } from './door/fields.ts';
import { ok, refused, replayed } from './door/reply.ts';
import { commandKey, contextOf, idempotencyKey, parameter } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';
import { referencePriceBody, referencePriceJson } from './shapes/reference-price-json.ts';

type Needs = Reaching<'prices'>;

/** What an instrument is said to be worth: data, fed by a venue's connector or an operator, and no older than config allows. */
export const referencePrices: ApiFunction<Needs> = ({ config, prices, clock }) => {
  const priceJson = (symbol: string, quote: QuotedPrice) => referencePriceJson(symbol, quote, clock.now());
  return {
    'PUT /v1/instruments/{symbol}/reference-price': operating(async (request) => {
      const parsed = parse(referencePriceBody, request.body);
      if ('refusal' in parsed) return parsed.refusal;
      const { config: current, version } = config.current();
      const instrument = current.instrument(parameter(request, 'symbol'));
      if (!instrument) return refused('asset_not_found');
      const { contract } = instrument.rules;
      const { price } = parsed.value;
      if (!parsePrice(price, contract)) {
        return refused('price_off_tick', { limit: contract.tickSize, observed: price });
      }
      const source = request.caller.role === 'venue' ? 'venue' : 'operator';
      const key = idempotencyKey(request);
      const name = `${request.caller.personId} ${key}`;
      const context = contextOf(request, {
        config: version,
        ...(key !== undefined && { key: commandKey(name, { price, source }) }),
      });
      const { outcome, quote } = await prices.set(contract.symbol, price, source, context);
      if (outcome === 'key-reused') return refused('idempotency_key_reused');
      const reply = ok(priceJson(contract.symbol, quote));
      return outcome === 'replayed' ? replayed(reply) : reply;
    }),
    'GET /v1/instruments/{symbol}/reference-price': operating(async (request) => {
      const symbol = parameter(request, 'symbol');
      if (!config.current().config.instrument(symbol)) return refused('asset_not_found');
      const quote = await prices.quote(symbol, request.deadline);
      return quote ? ok(priceJson(symbol, quote)) : refused('reference_price_missing');
    }),
  };
};
