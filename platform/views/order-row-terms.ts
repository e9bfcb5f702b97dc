import { type Contract, formatPrice, formatQuantity } from '../../domain/instrument/instrument.ts';
import type { OrderType, Terms, TimeInForce, Trail } from '../../domain/order/terms.ts';
import { formatScaled } from '../../domain/values/decimal.ts';
import type { Price } from '../../domain/values/price.ts';
import type { Timestamp } from '../../domain/values/time.ts';

/** An order's terms as exact decimal texts. */
export interface TermsTexts {
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity: string;
  readonly limitPrice?: string;
  readonly stopPrice?: string;
  readonly trailPrice?: string;
  /** Percent, e.g. `1.5`. */
  readonly trailPercent?: string;
  readonly expireAt?: Timestamp;
  readonly postOnly?: true;
  readonly minimumQuantity?: string;
  readonly displayQuantity?: string;
}

export function termsTexts(terms: Terms, contract: Contract): TermsTexts {
  const { orderType, timeInForce, expireAt } = terms;
  const text = (ticks: Price): string => formatPrice(ticks, contract);
  return {
    orderType,
    timeInForce,
    quantity: formatQuantity(terms.orderQuantity, contract),
    ...(terms.limitPrice !== undefined && { limitPrice: text(terms.limitPrice) }),
    ...(terms.stopPrice !== undefined && { stopPrice: text(terms.stopPrice) }),
    ...(terms.trail && trailText(terms.trail, contract)),
    ...(expireAt !== undefined && { expireAt }),
    ...handlingTexts(terms, contract),
  };
}

function handlingTexts(
  { postOnly, minimumQuantity, displayQuantity }: Terms,
  contract: Contract,
): Pick<TermsTexts, 'postOnly' | 'minimumQuantity' | 'displayQuantity'> {
  return {
    ...(postOnly && { postOnly }),
    ...(minimumQuantity !== undefined && { minimumQuantity: formatQuantity(minimumQuantity, contract) }),
    ...(displayQuantity !== undefined && { displayQuantity: formatQuantity(displayQuantity, contract) }),
  };
}

function trailText(trail: Trail, contract: Contract): Pick<TermsTexts, 'trailPrice' | 'trailPercent'> {
  return trail.by === 'price'
    ? { trailPrice: formatPrice(trail.ticks, contract) }
    : { trailPercent: formatScaled(trail.hundredths, 2) };
}
