import * as z from 'zod/mini';
import { formatQuantity } from '../../../domain/instrument/instrument.ts';
import { formatMoney } from '../../../domain/values/money.ts';
import { formatExact, parseExact, valueScale } from '../../../platform/views/exact.ts';
import type { PositionRow } from '../../../platform/views/port.ts';
import { assetId } from '../shared/assets.ts';
import type { Holding } from '../shared/holdings.ts';
import { amountOrNull, decimalText, opaqueId } from './values.ts';

export const positionSchema = z
  .strictObject({
    asset_id: opaqueId,
    symbol: z.string(),
    exchange: z.string(),
    asset_class: z.literal('us_equity'),
    asset_marginable: z.literal(false),
    qty: decimalText,
    qty_available: decimalText,
    avg_entry_price: decimalText,
    side: z.literal('long'),
    market_value: amountOrNull,
    cost_basis: decimalText,
    unrealized_pl: amountOrNull,
    unrealized_plpc: amountOrNull,
    unrealized_intraday_pl: z.null(),
    unrealized_intraday_plpc: z.null(),
    current_price: amountOrNull,
    lastday_price: z.null(),
    change_today: z.null(),
    realized_pl: decimalText,
  })
  .register(z.globalRegistry, { id: 'Position' });

const scale = valueScale;
const ratioDecimals = 6;

/**
 * A position as the Trading API v2 shows it. Quantities are the account's items, as the next order will find them; what they cost is from
 * the trades in the views. What nobody has said, such as yesterday's price, is null.
 */
export function positionJson(
  { instrument, total, available, price, value }: Holding,
  row: PositionRow | undefined,
): z.infer<typeof positionSchema> {
  const { contract } = instrument.rules;
  const { symbol, exchange, currency } = instrument.entry;
  const marketValue = value === undefined ? undefined : formatMoney(value, currency);
  const profit = marketValue === undefined || !row ? undefined : minus(marketValue, row.costBasis);
  return {
    asset_id: assetId(symbol),
    symbol,
    exchange,
    asset_class: 'us_equity',
    asset_marginable: false,
    qty: formatQuantity(total, contract),
    qty_available: formatQuantity(available, contract),
    avg_entry_price: row?.averageEntryPrice ?? '0',
    side: 'long',
    market_value: marketValue ?? null,
    cost_basis: row?.costBasis ?? '0',
    unrealized_pl: profit ?? null,
    unrealized_plpc: profit === undefined || !row ? null : ratio(profit, row.costBasis),
    unrealized_intraday_pl: null,
    unrealized_intraday_plpc: null,
    current_price: price ?? null,
    lastday_price: null,
    change_today: null,
    // Ours, beside what Alpaca documents.
    realized_pl: row?.realizedProfit ?? '0',
  };
}

function minus(a: string, b: string): string {
  return formatExact(parseExact(a, scale) - parseExact(b, scale), scale);
}

/** For display: cut off after six decimals. */
function ratio(part: string, whole: string): string | null {
  const divisor = parseExact(whole, scale);
  if (divisor === 0n) return null;
  return formatExact((parseExact(part, scale) * 10n ** BigInt(ratioDecimals)) / divisor, ratioDecimals);
}
