import * as z from 'zod';
import type { LoggedEvent } from './log.ts';
import { type Placed, showMoney, showPrice, showQuantity } from './units.ts';

const terms = z.looseObject({
  orderType: z.string(),
  timeInForce: z.string(),
  orderQuantity: z.int(),
  limitPrice: z.int().optional(),
  stopPrice: z.int().optional(),
  protectionPrice: z.int().optional(),
});
type Terms = z.infer<typeof terms>;

const told = z.looseObject({
  reason: z.string().optional(),
  limit: z.string().optional(),
  observed: z.string().optional(),
  text: z.string().optional(),
  for: z.string().optional(),
  executionId: z.string().optional(),
  replacesExecutionId: z.string().optional(),
  venueOrderId: z.string().optional(),
  clientOrderId: z.string().optional(),
  lastQuantity: z.int().optional(),
  lastPrice: z.int().optional(),
  fee: z.int().optional(),
  terms: terms.optional(),
  reference: z.looseObject({ price: z.int(), ageMs: z.int() }).optional(),
  posting: z
    .looseObject({
      cash: z.looseObject({ held: z.int().optional(), shortfall: z.int().optional() }).optional(),
      shares: z.looseObject({ held: z.int().optional() }).optional(),
    })
    .optional(),
  position: z.looseObject({ stream: z.string(), version: z.int() }).optional(),
  by: z.string().optional(),
  approvalId: z.string().optional(),
  action: z.string().optional(),
  requestedBy: z.string().optional(),
  report: z.union([z.string(), z.looseObject({ report: z.string() })]).optional(),
  result: z.string().optional(),
});
type Told = z.infer<typeof told>;

/** One event in a line: what happened, in the units people trade in, and why. Without `placed`, only what needs no units. */
export function eventText({ type, data }: LoggedEvent, placed: Placed | undefined): string {
  const read = told.safeParse(data);
  if (!read.success) return type;
  const it = read.data;
  const parts = [...traded(it, placed), ...asked(it, placed), ...moved(it, placed), ...why(it)];
  return parts.length === 0 ? type : `${type}: ${parts.join('; ')}`;
}

function traded(it: Told, placed: Placed | undefined): readonly string[] {
  const { executionId, lastQuantity, lastPrice, fee, replacesExecutionId } = it;
  if (executionId === undefined) return [];
  const replaced = replacesExecutionId === undefined ? [] : [`in place of ${replacesExecutionId}`];
  if (!placed || lastQuantity === undefined || lastPrice === undefined)
    return [`execution ${executionId}`, ...replaced];
  const { contract } = placed;
  const numbers = `${showQuantity(lastQuantity, contract)} at ${showPrice(lastPrice, contract)}`;
  const charged = fee === undefined ? [] : [`fee ${showMoney(fee, contract)}`];
  return [`execution ${executionId}, ${numbers}`, ...replaced, ...charged];
}

function asked({ terms: wanted, reference, clientOrderId, venueOrderId }: Told, placed: Placed | undefined) {
  const parts: string[] = [];
  if (wanted && placed) parts.push(termsText(wanted, placed));
  if (clientOrderId !== undefined) parts.push(`client order id ${clientOrderId}`);
  if (venueOrderId !== undefined) parts.push(`venue order id ${venueOrderId}`);
  if (reference && placed)
    parts.push(`reference price ${showPrice(reference.price, placed.contract)}, ${reference.ageMs} ms old`);
  return parts;
}

export function termsText(
  { orderType, timeInForce, orderQuantity, limitPrice, stopPrice, protectionPrice }: Terms,
  { contract, side }: Placed,
): string {
  const price = (word: string, ticks: number | undefined) =>
    ticks === undefined ? '' : `, ${word} ${showPrice(ticks, contract)}`;
  const prices = `${price('limit', limitPrice)}${price('stop', stopPrice)}${price('protected at', protectionPrice)}`;
  return `${side} ${showQuantity(orderQuantity, contract)} ${contract.symbol}, ${orderType}${prices}, ${timeInForce}`;
}

function moved({ posting }: Told, placed: Placed | undefined): readonly string[] {
  if (!placed || !posting) return [];
  const { contract } = placed;
  const cash = posting.cash?.held ?? 0;
  const shares = posting.shares?.held ?? 0;
  const short = posting.cash?.shortfall ?? 0;
  return [
    ...(cash === 0 ? [] : [`${cash > 0 ? 'holds' : 'frees'} ${showMoney(Math.abs(cash), contract)}`]),
    ...(shares === 0
      ? []
      : [`${shares > 0 ? 'holds' : 'frees'} ${showQuantity(Math.abs(shares), contract)} shares`]),
    ...(short === 0 ? [] : [`short of ${showMoney(Math.abs(short), contract)}`]),
  ];
}

function why(it: Told): readonly string[] {
  const { report, position } = it;
  const said = typeof report === 'string' ? report : report?.report;
  const words: readonly (readonly [string, string | undefined])[] = [
    ['', it.action],
    ['report', said],
    ['because', it.reason],
    ['limit', it.limit],
    ['observed', it.observed],
    ['text', it.text === undefined ? undefined : JSON.stringify(it.text)],
    ['for', it.for],
    ['by', it.by],
    ['asked by', it.requestedBy],
    ['approval', it.approvalId],
    ['result', it.result],
    ['reported in', position && `${position.stream} version ${position.version}`],
  ];
  return words.flatMap(([word, value]) => (value === undefined ? [] : [`${word} ${value}`.trim()]));
}
