import * as z from 'zod/mini';
import { formatTimestamp, type Timestamp } from '../../../domain/values/time.ts';
import type { SessionEntry } from '../../../platform/hot-config/schema.ts';
import { isOpen, nextClose, nextOpen } from '../../../platform/hot-config/sessions.ts';
import type { Instrument } from '../../../platform/hot-config/trading-config.ts';
import { assetId } from '../shared/assets.ts';
import { decimalText, momentOrNull, momentText, opaqueId } from './values.ts';

export const assetSchema = z
  .strictObject({
    id: opaqueId,
    class: z.literal('us_equity'),
    exchange: z.string(),
    symbol: z.string(),
    name: z.string(),
    status: z.literal('active'),
    tradable: z.boolean(),
    marginable: z.literal(false),
    maintenance_margin_requirement: z.literal(100),
    margin_requirement_long: z.literal('100'),
    margin_requirement_short: z.literal('100'),
    shortable: z.literal(false),
    easy_to_borrow: z.literal(false),
    fractionable: z.boolean(),
    cusip: z.null(),
    attributes: z.array(z.string()).check(z.maxLength(0)),
    min_order_size: decimalText,
    min_trade_increment: decimalText,
    price_increment: decimalText,
  })
  .register(z.globalRegistry, { id: 'Asset' });

export const clockSchema = z
  .strictObject({
    timestamp: momentText,
    is_open: z.boolean(),
    next_open: momentOrNull,
    next_close: momentOrNull,
  })
  .register(z.globalRegistry, { id: 'Clock' });

/** The query of `GET /v2/assets`. */
export const assetListQuery = z.strictObject({
  status: z.optional(z.enum(['active', 'inactive'])),
  asset_class: z.optional(z.string()),
  exchange: z.optional(z.string()),
  attributes: z.optional(z.string()),
});

/** An instrument as the Trading API v2 shows an asset. Bought with one's own money only: no margin, no short sales. */
export function assetJson({ entry }: Instrument): z.infer<typeof assetSchema> {
  return {
    id: assetId(entry.symbol),
    class: 'us_equity',
    exchange: entry.exchange,
    symbol: entry.symbol,
    name: entry.name,
    status: 'active',
    tradable: entry.tradable && !entry.halted,
    marginable: false,
    maintenance_margin_requirement: 100,
    margin_requirement_long: '100',
    margin_requirement_short: '100',
    shortable: false,
    easy_to_borrow: false,
    fractionable: entry.lotSize.includes('.'),
    cusip: null,
    attributes: [],
    min_order_size: entry.lotSize,
    min_trade_increment: entry.lotSize,
    price_increment: entry.tickSize,
  };
}

/** Around the clock there is no next opening and no next closing: null. */
export function clockJson(session: SessionEntry, now: Timestamp): z.infer<typeof clockSchema> {
  const when = (at: Timestamp | undefined) => (at === undefined ? null : formatTimestamp(at));
  const hours = session.kind === 'hours' ? session : undefined;
  return {
    timestamp: formatTimestamp(now),
    is_open: isOpen(session, now),
    next_open: hours ? when(nextOpen(hours, now)) : null,
    next_close: hours ? when(nextClose(hours, now)) : null,
  };
}
