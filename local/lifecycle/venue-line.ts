import type { VenueReport } from '../../domain/order/commands.ts';
import { executionId } from '../../domain/values/ids.ts';
import { type Line, optionalText, requiredText } from './input.ts';
import type { OrderFeed } from './order-feed.ts';

/** What the venue says in this line; undefined when it is not a word of the venue's. */
export function readReport(line: Line, order: OrderFeed): VenueReport | undefined {
  const text = optionalText(line, 'text');
  switch (line.do) {
    case 'accept':
      return { report: 'accept', venueOrderId: optionalText(line, 'orderID') ?? 'venue order' };
    case 'reject':
      return { report: 'reject', text: text ?? 'rejected by the venue' };
    case 'cancel-unsolicited':
      return { report: 'cancel', reason: 'unsolicited' };
    case 'reject-cancel':
    case 'reject-replace':
      return { report: line.do, ...(text !== undefined && { text }) };
    case 'confirm-cancel':
    case 'confirm-replace':
    case 'done-for-day':
    case 'resume':
    case 'trigger':
    case 'suspend':
    case 'calculate':
      return { report: line.do };
    case 'expire':
      return { report: 'expire', reason: 'day' };
    case 'bust':
      return { report: 'bust', executionId: executionId(requiredText(line, 'execRefID')) };
    default:
      return readNumbers(line, order);
  }
}

function readNumbers(line: Line, order: OrderFeed): VenueReport | undefined {
  const has = (name: string) => optionalText(line, name) !== undefined;
  const trade = () => ({
    executionId: executionId(optionalText(line, 'execID') ?? `line ${line.number}`),
    lastQuantity: order.quantity(line, 'lastQty'),
    lastPrice: order.price(line, 'lastPx'),
  });
  switch (line.do) {
    case 'execute':
      return { report: 'execute', ...trade() };
    case 'correct':
      return {
        report: 'correct',
        replacesExecutionId: executionId(requiredText(line, 'execRefID')),
        ...trade(),
      };
    case 'stop':
      return {
        report: 'stop',
        ...(has('lastQty') && { stoppedQuantity: order.quantity(line, 'lastQty') }),
        ...(has('lastPx') && { stoppedPrice: order.price(line, 'lastPx') }),
      };
    case 'restate':
      return {
        report: 'restate',
        ...(has('orderQty') && { orderQuantity: order.quantity(line, 'orderQty') }),
        ...(has('price') && { limitPrice: order.price(line, 'price') }),
        ...(optionalText(line, 'text') !== undefined && { text: requiredText(line, 'text') }),
      };
    default:
      return undefined;
  }
}
