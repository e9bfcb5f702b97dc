import { type Contract, parsePrice, parseQuantity } from '../../../domain/instrument/instrument.ts';
import type { VenueReport } from '../../../domain/order/commands.ts';
import { executionId } from '../../../domain/values/ids.ts';
import { type Price, price as priceOf } from '../../../domain/values/price.ts';
import { none, type Quantity } from '../../../domain/values/quantity.ts';
import { type Reply, refused } from '../door/reply.ts';
import type { ReportBody } from './report-fields.ts';

export type ReadReport = { readonly report: VenueReport } | { readonly refusal: Reply };

/** What a venue said, in the ticks and lots of the order's contract. */
export function readReport(body: ReportBody, contract: Contract): ReadReport {
  const off: Reply[] = [];
  const lots = (text: string): Quantity => {
    const quantity = parseQuantity(text, contract);
    if (!quantity) off.push(refused('quantity_off_lot', { limit: contract.lotSize, observed: text }));
    return quantity ?? none;
  };
  const ticks = (text: string): Price => {
    const price = parsePrice(text, contract);
    if (!price) off.push(refused('price_off_tick', { limit: contract.tickSize, observed: text }));
    return price ?? priceOf(0);
  };
  const report = reportOf(body, lots, ticks);
  const [refusal] = off;
  return refusal ? { refusal } : { report };
}

type Lots = (text: string) => Quantity;
type Ticks = (text: string) => Price;

function reportOf(body: ReportBody, lots: Lots, ticks: Ticks): VenueReport {
  switch (body.report) {
    case 'accept':
      return { report: 'accept', venueOrderId: body.venue_order_id };
    case 'reject':
      return { report: 'reject', text: body.text };
    case 'execute':
    case 'correct':
      return executionOf(body, lots, ticks);
    case 'bust':
      return { report: 'bust', executionId: executionId(body.execution_id) };
    case 'cancel':
      return { report: 'cancel', reason: body.reason };
    case 'expire':
      return { report: 'expire', reason: body.reason };
    case 'stop':
      return {
        report: 'stop',
        ...(body.qty !== undefined && { stoppedQuantity: lots(body.qty) }),
        ...(body.price !== undefined && { stoppedPrice: ticks(body.price) }),
      };
    case 'restate':
      return {
        report: 'restate',
        ...(body.qty !== undefined && { orderQuantity: lots(body.qty) }),
        ...(body.limit_price !== undefined && { limitPrice: ticks(body.limit_price) }),
        ...(body.text !== undefined && { text: body.text }),
      };
    case 'reject-cancel':
    case 'reject-replace':
      return { report: body.report, ...(body.text !== undefined && { text: body.text }) };
    default:
      return { report: body.report };
  }
}

function executionOf(
  body: Extract<ReportBody, { report: 'execute' | 'correct' }>,
  lots: Lots,
  ticks: Ticks,
): VenueReport {
  const numbers = {
    executionId: executionId(body.execution_id),
    lastQuantity: lots(body.qty),
    lastPrice: ticks(body.price),
  };
  if (body.report === 'correct') {
    return { report: 'correct', replacesExecutionId: executionId(body.replaces_execution_id), ...numbers };
  }
  return {
    report: 'execute',
    ...numbers,
    ...(body.liquidity !== undefined && { liquidity: body.liquidity }),
  };
}
