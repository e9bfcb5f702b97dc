import { formatTimestamp, type Timestamp } from '../../../domain/values/time.ts';
import type { SessionEntry } from '../../../platform/hot-config/schema.ts';
import { isOpen, nextClose, nextOpen } from '../../../platform/hot-config/sessions.ts';
import type { Instrument } from '../../../platform/hot-config/trading-config.ts';
import { assetId } from '../shared/assets.ts';

/** An instrument as the Trading API v2 shows an asset. Bought with one's own money only: no margin, no short sales. */
export function assetJson({ entry }: Instrument) {
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
export function clockJson(session: SessionEntry, now: Timestamp) {
  const when = (at: Timestamp | undefined) => (at === undefined ? null : formatTimestamp(at));
  const hours = session.kind === 'hours' ? session : undefined;
  return {
    timestamp: formatTimestamp(now),
    is_open: isOpen(session, now),
    next_open: hours ? when(nextOpen(hours, now)) : null,
    next_close: hours ? when(nextClose(hours, now)) : null,
  };
}
