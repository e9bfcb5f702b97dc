import { firstRefusal, termsChecks } from '../risk/checks.ts';
import type { InstrumentRules } from '../risk/rules.ts';
import { quantity } from '../values/quantity.ts';
import type { RequestReplace } from './commands.ts';
import type { Refusal, StopLegReplaced } from './events.ts';
import { dayFor } from './guards.ts';
import { misplacedPair } from './legs.ts';
import type { StopLeg } from './linked.ts';
import { readChange } from './read-terms.ts';
import { withPosting } from './settle.ts';
import type { Order } from './state.ts';
import type { RequestedChange } from './terms.ts';
import { worstValue } from './worst-value.ts';

const ofThePair = [
  'quantity',
  'timeInForce',
  'expireAt',
  'trail',
] as const satisfies readonly (keyof RequestedChange)[];

/** Other prices for a stop loss that has not taken over. It is with us, so they are in force at once. */
export function replaceStopLeg(
  command: RequestReplace,
  order: Order,
  leg: StopLeg,
  instrument: InstrumentRules,
): StopLegReplaced | Refusal {
  const { change, rules } = command;
  if (leg.elected) return { reason: 'request_pending', observed: 'stop_loss' };
  const foreign = ofThePair.find((name) => change[name] !== undefined);
  if (foreign) return { reason: 'field_not_replaceable', observed: foreign };
  const current = { ...leg.terms, orderQuantity: order.terms.orderQuantity };
  const read = readChange({ terms: current, side: order.side }, change, instrument, rules);
  if ('refusal' in read) return read.refusal;
  const terms = read.value;
  if (terms.stopPrice === current.stopPrice && terms.limitPrice === current.limitPrice)
    return { reason: 'replace_changes_nothing' };
  const { accountId, side, contract } = order;
  const subject = {
    accountId,
    symbol: contract.symbol,
    side,
    terms,
    increase: quantity(0),
    rules,
    instrument,
  };
  const refusal =
    firstRefusal(termsChecks, subject) ??
    misplacedPair({ ...order, rules }, order.terms.limitPrice, terms.stopPrice, instrument);
  if (refusal) return refusal;
  const more = worstValue(terms, instrument) - worstValue(current, instrument);
  return withPosting(order, {
    type: 'StopLegReplaced',
    schema: 1,
    data: {
      requestId: command.requestId,
      replacementId: command.replacementId,
      clientOrderId: command.clientOrderId,
      terms,
      dayNotional: Math.max(0, more),
      day: dayFor(command.observed, contract.currency, rules.day),
    },
  });
}
