import {
  orderTypes,
  type OrderType,
  type RequestedTerms,
  type Side,
  type TimeInForce,
} from '../../domain/order/terms.ts';
import { timestamp } from '../../domain/values/time.ts';
import { type Line, optionalText, requiredText, Senseless } from './input.ts';

/** FIX 4.4 TimeInForce (59), by name, by the abbreviation in use, and by value. */
const timesInForce: Readonly<Record<string, TimeInForce>> = {
  day: 'day',
  '0': 'day',
  gtc: 'gtc',
  goodtillcancel: 'gtc',
  '1': 'gtc',
  opg: 'opg',
  attheopening: 'opg',
  '2': 'opg',
  ioc: 'ioc',
  immediateorcancel: 'ioc',
  '3': 'ioc',
  fok: 'fok',
  fillorkill: 'fok',
  '4': 'fok',
  gtd: 'gtd',
  goodtilldate: 'gtd',
  '6': 'gtd',
  cls: 'cls',
  attheclose: 'cls',
  '7': 'cls',
};

/** FIX 4.4 OrdType (40). */
const types: Readonly<Record<string, OrderType>> = {
  ...Object.fromEntries(orderTypes.map((type) => [plain(type), type])),
  '1': 'market',
  '2': 'limit',
  '3': 'stop',
  '4': 'stop_limit',
};

const sides: Readonly<Record<string, Side>> = { buy: 'buy', '1': 'buy', sell: 'sell', '2': 'sell' };

const farAway = timestamp(Date.UTC(2100, 0, 1) * 1000);

/** What an order without a price trades at most at; no account pays it. */
export const nominalPrice = '1';

export interface Placement {
  readonly side: Side;
  readonly requested: RequestedTerms;
}

/** The new order the line describes. Without a type it is a limit order at a price that plays no part. */
export function readPlacement(line: Line): Placement {
  const price = optionalText(line, 'price');
  const stopPrice = optionalText(line, 'stopPx');
  const orderType = oneOf(line, 'ordType', types) ?? 'limit';
  const timeInForce = oneOf(line, 'timeInForce', timesInForce) ?? 'day';
  const priced = orderType === 'limit' || orderType === 'stop_limit';
  const stopped = orderType === 'stop' || orderType === 'stop_limit';
  return {
    side: oneOf(line, 'side', sides) ?? 'buy',
    requested: {
      orderType,
      timeInForce,
      quantity: requiredText(line, 'orderQty'),
      ...(priced && { limitPrice: price ?? nominalPrice }),
      ...(stopped && { stopPrice: stopPrice ?? nominalPrice }),
      ...(orderType === 'trailing_stop' && { trailPercent: '1' }),
      ...(timeInForce === 'gtd' && { expireAt: farAway }),
    },
  };
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function oneOf<Value>(line: Line, name: string, values: Readonly<Record<string, Value>>): Value | undefined {
  const text = optionalText(line, name);
  if (text === undefined) return undefined;
  const value = values[plain(text)];
  if (value === undefined) throw new Senseless(`field "${name}": "${text}" is not known`);
  return value;
}
