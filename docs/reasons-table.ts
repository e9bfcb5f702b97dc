import { type Reason, reasons } from '../domain/risk/reasons.ts';
import {
  type AnyReason,
  type ApiReason,
  apiReasons,
  entryOf,
  notThroughTheApi,
} from '../functions/api/door/reasons.ts';

const introduction = `# Reasons

Every refusal says why: the body of the answer is \`{"code", "message", "reason"}\`, with \`field\`, \`limit\` and \`observed\` where a field, a
limit and a value decided it. \`reason\` is one of the codes below; a code is never renamed or given another meaning. \`code\` is what
clients of the Alpaca API branch on.

This page is written by \`npm run docs:reasons\` from \`domain/risk/reasons.ts\` and \`functions/api/door/reasons.ts\`.
`;

const order = `## The order of the checks

An order is checked in this order, and the first refusal is the one reported.

1. Whether anything may trade at all: kill switches of firm, account, instrument and strategy; instrument unknown, not permitted, restricted, not
   tradable, halted.
2. The terms as they are written: \`terms_inconsistent\`, \`quantity_off_lot\`, \`price_off_tick\`.
3. The terms against session and limits: \`session_closed\`, \`expiry_passed\`, \`limit_not_configured\`, \`maximum_order_quantity\`,
   \`reference_price_missing\`, \`reference_price_stale\`, \`price_outside_collar\`, \`maximum_order_value\`. The same for the take profit and
   the stop loss that come with it, then \`take_profit_out_of_place\` and \`stop_loss_out_of_place\`.
4. What the write itself asks of the account, in the same transaction that reserves the money: \`account_unknown\`, \`account_halted\` or
   \`account_closed\`, \`account_suspended\`, \`account_moved\`, \`account_reduce_only\`, \`insufficient_funds\`, \`maximum_open_orders\`, \`maximum_day_notional\`; then of
   the position: \`insufficient_shares\` or \`maximum_position\`.
5. \`duplicate_order\`.

A refused order uses up its client order id: it is on record, and asking again under the same id gives the same answer. What is malformed,
unauthenticated or failed uses up nothing.
`;

/** The whole page. */
export function reasonsPage(): string {
  const trading = Object.keys(reasons).filter((name): name is Reason => Object.hasOwn(reasons, name));
  const door = Object.keys(apiReasons).filter((name): name is ApiReason => Object.hasOwn(apiReasons, name));
  return [
    introduction,
    order,
    '## From the rules of trading\n',
    '| reason | HTTP | code | FIX OrdRejReason (103) | FIX CxlRejReason (102) | sentence |',
    '|---|---|---|---|---|---|',
    ...trading.map(tradingRow),
    '',
    '## From the API itself\n',
    '| reason | HTTP | code | sentence |',
    '|---|---|---|---|',
    ...door.map((name) => `| ${common(name)} ${entryOf(name).sentence} |`),
    '',
    '## Not to be had through the API today\n',
    '| reason | why it exists |',
    '|---|---|',
    ...Object.entries(notThroughTheApi).map(([name, why]) => `| \`${name}\` | ${why} |`),
    '',
  ].join('\n');
}

function tradingRow(name: Reason): string {
  const { ordRejReason, cxlRejReason, sentence } = reasons[name];
  return `| ${common(name)} ${ordRejReason} | ${cxlRejReason} | ${sentence} |`;
}

function common(name: AnyReason): string {
  const { httpStatus, alpacaCode } = entryOf(name);
  return `\`${name}\` | ${httpStatus} | ${alpacaCode} |`;
}
