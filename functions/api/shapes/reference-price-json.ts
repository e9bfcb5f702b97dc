import * as z from 'zod/mini';
import { formatTimestamp, type Timestamp } from '../../../domain/values/time.ts';
import type { QuotedPrice } from '../../../platform/reference-prices/reference-prices.ts';
import { decimal } from '../door/fields.ts';
import { decimalText, momentText } from './values.ts';

/** The body of `PUT /v1/instruments/{symbol}/reference-price`. */
export const referencePriceBody = z.strictObject({ price: decimal });

export const referencePriceSchema = z
  .strictObject({
    symbol: z.string(),
    price: decimalText,
    source: z.string(),
    at: momentText,
    age_ms: z.int().check(z.minimum(0)),
  })
  .register(z.globalRegistry, { id: 'ReferencePrice' });

export function referencePriceJson(
  symbol: string,
  { price, source, at }: QuotedPrice,
  now: Timestamp,
): z.infer<typeof referencePriceSchema> {
  const ageMs = Math.max(0, Math.floor((now - at) / 1000));
  return { symbol, price, source, at: formatTimestamp(at), age_ms: ageMs };
}
