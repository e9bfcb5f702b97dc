import { type Contract, moneyFor } from '../instrument/instrument.ts';
import { safe, scaleBy } from '../values/integer.ts';
import { type Money, money, zero } from '../values/money.ts';
import type { Notional } from '../values/notional.ts';

/**
 * What an order is charged over its whole life; recorded with the order, so that a later change of config cannot touch it.
 * The fee of one fill is the fee of everything filled so far minus what was charged before: rounding cannot outgrow it.
 */
export interface FeeSchedule {
  /** Parts per million of the traded value. */
  readonly ratePpm: number;
  /** Millionths of a minor unit per lot. */
  readonly perLotMicros: number;
  /** Minor units charged at least, once anything traded. */
  readonly minimum: number;
}

export const noFees: FeeSchedule = { ratePpm: 0, perLotMicros: 0, minimum: 0 };

const million = 1_000_000;

/** The fee in minor units for `quantity` lots traded at `traded` in all; rounded up, never decreasing in either. */
export function feeOf(schedule: FeeSchedule, quantity: number, traded: Notional, contract: Contract): Money {
  if (quantity === 0) return zero;
  const byValue = scaleBy(moneyFor(traded, contract, 'up'), schedule.ratePpm, million, 'up');
  const byQuantity = scaleBy(quantity, schedule.perLotMicros, million, 'up');
  return money(Math.max(schedule.minimum, safe(byValue + byQuantity)));
}
