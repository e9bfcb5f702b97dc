import { noFees } from '../../domain/account/fees.ts';
import type { Contract } from '../../domain/instrument/instrument.ts';
import type { TradingRules } from '../../domain/risk/rules.ts';
import type { Price } from '../../domain/values/price.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { decimalsOf, type Line } from './input.ts';

/** A private instrument, on a grid as fine as the numbers of the file need. */
export function contractFor(lines: readonly Line[]): Contract {
  const unit = (decimals: number) => (decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`);
  return {
    symbol: 'ORDER',
    currency: 'USD',
    tickSize: unit(Math.max(2, decimalsOf(lines, ['price', 'stopPx', 'lastPx']))),
    lotSize: unit(decimalsOf(lines, ['orderQty', 'lastQty'])),
  };
}

/** Only the order's own life decides: no account stands behind it, so nothing is limited. */
export function permissiveRules(contract: Contract, reference: Price, now: Timestamp): TradingRules {
  return {
    now,
    day: '2000-01-03',
    instrument: {
      contract,
      tradable: true,
      halted: false,
      collarPpm: 999_999,
      passiveBandPpm: 999_999,
      referenceAgeMaxMs: Number.MAX_SAFE_INTEGER,
      orderQuantityMax: 'unlimited',
      orderValueMax: 'unlimited',
      positionMax: 'unlimited',
    },
    reference: { price: reference, at: now },
    session: 'open',
    account: {
      epoch: 1,
      orderQuantityMax: 'unlimited',
      orderValueMax: 'unlimited',
      openOrdersMax: 'unlimited',
      dayNotionalMax: 'unlimited',
      permittedSymbols: 'all',
      restrictedSymbols: [],
      duplicateWindowMs: 0,
    },
    fees: noFees,
    switches: { firm: false, account: false, instrument: false },
  };
}
